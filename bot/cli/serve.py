"""Starting the three processes, together or one by one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from bot.errors import ConfigError, Unavailable
from bot.settings import Settings, load_settings

MODEL = Path("models/assistant.tar.gz")
READY_SECONDS = 120.0
# A process that dies sooner than this after its start has not really started; on a busy machine
# importing alone takes a good part of it.
STEADY_SECONDS = 60.0
MOST_FAILED_STARTS = 5


def run() -> None:
    """启动全部服务，并在可用时打印地址。"""
    settings = load_settings()
    _check_ports(settings)
    prepare()
    supervisor = subprocess.Popen(
        [sys.executable, "-m", "honcho", "start", "--no-prefix"],
        env={**os.environ, **_child_environment(settings)},
        start_new_session=True,
    )

    def stop(_signal: int, _frame: FrameType | None) -> None:
        if supervisor.poll() is None:
            supervisor.send_signal(signal.SIGTERM)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    _announce(settings, supervisor)
    code = supervisor.wait()
    typer.echo("已停止。")
    raise typer.Exit(0 if code in (0, -signal.SIGTERM, 128 + signal.SIGTERM) else 1)


def prepare() -> None:
    """准备数据库；演示模式下同时写入演示客户和演示员工。"""
    from bot.storage import Database
    from bot.storage.migrate import upgrade

    settings = load_settings()
    database = Database(settings.database_url)
    upgrade(database)
    if settings.demo:
        from bot.banking.stub import seed_demo
        from bot.staff.demo import seed_demo_staff

        seed_demo(database)
        seed_demo_staff(database, settings.secret())
    database.dispose()


def gateway() -> None:
    """启动网关（对外的唯一入口）。"""
    from bot.cli.wiring import gateway_app
    from bot.gateway.app import serve

    settings = load_settings()
    serve(
        gateway_app(settings),
        host=settings.gateway_host,
        port=settings.gateway_port,
        log_level="warning",
    )


def rasa() -> None:
    """启动对话引擎（仅本机可访问）。"""
    settings = load_settings()
    if not MODEL.exists():
        raise ConfigError(f"没有找到模型 {MODEL}：请先运行 make train")
    _replace_process(
        settings,
        [sys.executable, "-m", "rasa", "run", "--interface", "127.0.0.1", "--port"]
        + [str(settings.rasa_port), "--model", str(MODEL), "--endpoints", "endpoints.yml"]
        + ["--credentials", "credentials.yml", "--quiet"],
    )


def actions() -> None:
    """启动业务动作服务（仅本机可访问）。"""
    settings = load_settings()
    _replace_process(
        settings,
        [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--quiet", "--port"]
        + [str(settings.actions_port)],
    )


def keep(
    part: Annotated[str, typer.Argument(help="gateway、rasa 或 actions")],
) -> None:
    """看护一个进程：意外退出时重新启动它，输出写入 var/log。"""
    log = load_settings().var_dir / "log" / f"{part}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "bot.cli", part]
    child: subprocess.Popen[bytes] | None = None
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        if child is not None and child.poll() is None:
            child.terminate()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    failed_starts = 0
    while not stopping:
        started = time.monotonic()
        with log.open("ab") as output:
            child = subprocess.Popen(command, stdout=output, stderr=output)
            code = child.wait()
        if stopping:
            break
        failed_starts = failed_starts + 1 if time.monotonic() - started < STEADY_SECONDS else 0
        if failed_starts >= MOST_FAILED_STARTS:
            raise Unavailable(f"{part} 连续 {failed_starts} 次启动失败（退出码 {code}），见 {log}")
        typer.echo(f"{part} 意外退出（{code}），正在重新启动……", err=True)
        time.sleep(min(1.0 + failed_starts, 5.0))


def _child_environment(settings: Settings) -> dict[str, str]:
    """What Rasa's YAML files and the action server read from the environment."""
    return {
        # glibc's arena a thread keeps 130 MB that Rasa's threads gave back; two are fast enough.
        "MALLOC_ARENA_MAX": os.environ.get("MALLOC_ARENA_MAX", "2"),
        "BANKBOT_ACTION_WEBHOOK": f"{settings.actions_base_url}/webhook",
        "BANKBOT_TRACKER_DB": str(settings.var_dir / "tracker.db"),
        "BANKBOT_DEMO": str(settings.demo).lower(),
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "SANIC_HOST": "127.0.0.1",
        "PYTHONUNBUFFERED": "1",
        # `bankbot` and `rasa` of this environment, also when it is not activated.
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
    }


def _replace_process(settings: Settings, command: list[str]) -> None:
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    os.execvpe(command[0], command, {**os.environ, **_child_environment(settings)})


def _check_ports(settings: Settings) -> None:
    ports = {
        "BANKBOT_GATEWAY_PORT": (settings.gateway_host, settings.gateway_port),
        "BANKBOT_RASA_PORT": ("127.0.0.1", settings.rasa_port),
        "BANKBOT_ACTIONS_PORT": ("127.0.0.1", settings.actions_port),
    }
    for name, (host, port) in ports.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                raise ConfigError(
                    f"端口 {port} 已被占用：请先停止占用它的程序，或设置 {name} 换一个端口"
                ) from None


def _announce(settings: Settings, supervisor: subprocess.Popen[bytes]) -> None:
    """Wait for ``/readyz`` and print where to go; silent if the services stop before."""
    import httpx
    from rich.console import Console

    host = "127.0.0.1" if settings.gateway_host in ("0.0.0.0", "::") else settings.gateway_host
    address = f"http://{host}:{settings.gateway_port}"
    console = Console()
    deadline = time.monotonic() + READY_SECONDS
    console.print(f"正在启动，日志在 {settings.var_dir / 'log'}/ ……")
    with console.status("正在启动……"):
        while time.monotonic() < deadline and supervisor.poll() is None:
            try:
                answer = httpx.get(f"{address}/readyz", timeout=2.0)
                if answer.status_code == httpx.codes.OK:
                    console.print(f"已就绪，请在浏览器打开 [bold]{address}/[/bold]（Ctrl-C 停止）")
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.3)
    if supervisor.poll() is None:
        console.print(
            f"等待 {READY_SECONDS:.0f} 秒后仍未就绪，请查看 {settings.var_dir / 'log'}/ 和 {address}/readyz"
        )
