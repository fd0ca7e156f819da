"""``bankbot nlu``: what a test engineer does with the assistant's understanding."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.serve import MODEL

app = typer.Typer(no_args_is_help=True)

DEVELOPMENT = Path("tests/rasa/development")
CALIBRATION = Path("data/routing.yml")


@app.command("try")
def try_text(text: Annotated[str, typer.Argument(help="客户的话")]) -> None:
    """看一句话怎样被理解、送到哪里、为什么。"""
    from bot.nlu.pipeline import Pipeline

    parse = Pipeline.load(MODEL).parse(text)
    routing = parse["routing"]
    typer.echo(f"去向  {routing['decision']}（{routing['reason']}）")
    typer.echo(f"意图  {parse['intent']['name']}")
    for each in parse["intent_ranking"][:3]:
        typer.echo(f"      {each['confidence']:.2f}  {each['name']}")
    if routing["faq_id"]:
        typer.echo(f"FAQ   {routing['score']:.2f}  {routing['faq_id']}")
    for entity in parse["entities"]:
        typer.echo(f"实体  {entity['entity']} = {entity['value']}")
    for signal in parse["signals"]:
        typer.echo(f"信号  {signal}")
    for offer in routing["offers"]:
        typer.echo(f"备选  {offer['title']}")


@app.command()
def calibrate() -> None:
    """在开发集上重新推导路由阈值，写入 data/routing.yml。"""
    from bot.nlu.calibrate import calibrate as derive
    from bot.nlu.calibrate import expected_calibration_error
    from bot.nlu.calibration import Calibration
    from bot.nlu.development import judge, read_labelled
    from bot.nlu.pipeline import Pipeline

    known = Calibration.load(CALIBRATION)
    cases = judge(Pipeline.load(MODEL), read_labelled(DEVELOPMENT), known.sharpness)
    found = derive(cases)
    found.save(CALIBRATION)
    typer.echo(CALIBRATION.read_text())
    error = expected_calibration_error(cases, found.sharpness)
    typer.echo(f"开发集 {len(cases)} 句，置信度校准误差（ECE）{error:.3f}")
