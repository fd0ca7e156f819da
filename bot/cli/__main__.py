"""``python -m bot.cli``, the same as ``bankbot``."""

from bot.cli.main import main

main()
