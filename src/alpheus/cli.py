"""The one command: `alpheus up`, its three parts, and what an operator types.

Every command reads its settings from the environment (`ALPHEUS_...`, docs/operations.md).
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from alpheus.config.settings import Settings, SettingsError, load

if TYPE_CHECKING:
    from alpheus.config.edge_client import Told
    from alpheus.listening.terms import Terms

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Alpheus: stream from the cloud; musicians keep all of it.",
)
console = Console(stderr=True)


def main() -> None:
    """Run the command line; a setting that cannot be used ends it with a sentence, not a traceback."""
    try:
        app()
    except SettingsError as error:
        console.print(f"[bold]A setting cannot be used.[/bold]\n{error}", highlight=False)
        raise SystemExit(2) from error


def _django(part: str) -> Settings:
    from alpheus.config import processes  # noqa: PLC0415 - Django loads only for commands that need it

    settings = load()
    processes.start_django(settings, part=part)
    return settings


@app.command()
def up(
    lan: Annotated[
        bool, typer.Option("--lan", help="Also listen on the local network; prints a QR code.")
    ] = False,
    demo: Annotated[bool, typer.Option("--demo", help="Compose and load the demo music.")] = False,
) -> None:
    """Run everything: web, edge and worker under one supervisor, until Ctrl-C."""
    from alpheus.config import processes, supervisor  # noqa: PLC0415

    if lan:
        address = processes.lan_address()
        if address is None:
            console.print(
                "This machine is on no network, so --lan has nothing to listen on. Connect it, or leave --lan out."
            )
            raise typer.Exit(1)
        os.environ["ALPHEUS_BIND"] = "0.0.0.0"  # noqa: S104 - that is what --lan asks for
        hosts = os.environ.get("ALPHEUS_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
        os.environ["ALPHEUS_ALLOWED_HOSTS"] = f"{hosts},{address}"
    settings = load()
    taken = processes.taken_ports(settings)
    if taken:
        ports = ", ".join(str(port) for port in taken)
        console.print(
            f"Port {ports} is taken by another program (perhaps Alpheus is running already). "
            "Stop it, or choose others: ALPHEUS_PORT=8010 ALPHEUS_EDGE_PORT=8011 alpheus up",
            highlight=False,
        )
        raise typer.Exit(1)
    processes.start_django(settings, part="up")
    processes.prepare(settings)
    _greet(settings, lan_address=processes.lan_address() if lan else None)
    supervisor.Supervisor(processes.parts(settings, demo=demo), logs=settings.data / "logs").run()


def _greet(settings: Settings, *, lan_address: str | None) -> None:
    """Say where the music is, and give the first operator a way in."""
    from alpheus.config import operators  # noqa: PLC0415

    scheme = "https" if settings.tls_certificate else "http"
    url = settings.public_url or f"{scheme}://127.0.0.1:{settings.port}"
    console.print(f"\n  [bold]Alpheus is at {url}[/bold]   (Ctrl-C stops it)\n", highlight=False)
    link = operators.first_link(base_url=url)
    if link:
        console.print(
            f"  You are the first operator. Sign in once with:\n  {link}\n", highlight=False, soft_wrap=True
        )
    if lan_address:
        lan_url = f"{scheme}://{lan_address}:{settings.port}"
        console.print(f"  On your phone: {lan_url}\n", highlight=False)
        import segno  # noqa: PLC0415 - only --lan draws

        segno.make(lan_url).terminal(out=sys.stderr, compact=True)


@app.command()
def web() -> None:
    """Run web alone: pages and API."""
    from alpheus.config import processes  # noqa: PLC0415

    processes.web(load())


@app.command()
def edge(
    name: Annotated[
        str, typer.Option("--id", help="Which of the installation's edges; ALPHEUS_EDGE_ID, or the first.")
    ] = "",
) -> None:
    """Run an edge alone: the audio server."""
    from alpheus.config import processes  # noqa: PLC0415

    processes.edge(load(), name)


@app.command()
def worker() -> None:
    """Run the worker alone: tasks and schedules."""
    from alpheus.config import processes  # noqa: PLC0415

    processes.worker(load())


@app.command()
def migrate() -> None:
    """Bring the data folder up to this version: tables and static files."""
    from alpheus.config import processes  # noqa: PLC0415

    processes.prepare(_django("migrate"))


@app.command("import")
def import_(
    folder: Annotated[Path, typer.Argument(help="A folder of tagged music files.")],
    jobs: Annotated[int | None, typer.Option(help="Processes that decode and encode at once.")] = None,
    first_only: Annotated[
        bool,
        typer.Option("--first-only", help="Make only the first rendition; a later run makes the others."),
    ] = False,
) -> None:
    """Import a folder of music; run it again and it notices what changed."""
    from alpheus.config import processes, secrets, wiring  # noqa: PLC0415

    settings = _django("import")
    if not folder.is_dir():
        console.print(f"{folder} is not a folder. Give the folder that holds your music.", highlight=False)
        raise typer.Exit(2)
    processes.prepare(settings)
    from alpheus.exchange.folder import console as importing  # noqa: PLC0415

    raise typer.Exit(
        importing.run(
            folder,
            blobs=wiring.blobs(),
            kek=secrets.key_encryption_key(settings),
            jobs=jobs or settings.import_jobs,
            first_only=first_only,
        )
    )


@app.command()
def recognise() -> None:
    """Fingerprint what was brought in before there were fingerprints, and bring the index of sounds up to date."""
    from alpheus.config import processes  # noqa: PLC0415

    settings = _django("recognise")
    processes.prepare(settings)
    from alpheus.config.recognise_console import run  # noqa: PLC0415 - its models load after Django is set up

    raise typer.Exit(run(console))


@app.command()
def demo() -> None:
    """Compose the demo music and load it; what is there already is left alone."""
    from alpheus.config import secrets, wiring  # noqa: PLC0415

    settings = _django("demo")
    from alpheus.exchange.demo.load import load_demo  # noqa: PLC0415

    load_demo(
        data=settings.data,
        blobs=wiring.blobs(),
        kek=secrets.key_encryption_key(settings),
        on_progress=lambda text: console.print(text, highlight=False),
    )


@app.command()
def operator(email: Annotated[str, typer.Argument(help="The operator's e-mail address.")]) -> None:
    """Make an account an operator (creating it if need be) and print a one-time sign-in link."""
    settings = _django("operator")
    from alpheus.config import operators  # noqa: PLC0415 - its models load after Django is set up

    url = settings.public_url or f"http://127.0.0.1:{settings.port}"
    console.print(operators.link_for(email, base_url=url), highlight=False, soft_wrap=True)


@app.command()
def auditor(email: Annotated[str, typer.Argument(help="The auditor's e-mail address.")]) -> None:
    """Make an account an auditor (creating it if need be) and print a one-time sign-in link."""
    _staff("auditor", email)


@app.command()
def accountant(email: Annotated[str, typer.Argument(help="The accountant's e-mail address.")]) -> None:
    """Make an account an accountant (creating it if need be) and print a one-time sign-in link."""
    _staff("accountant", email)


def _staff(role: str, email: str) -> None:
    settings = _django(role)
    from alpheus.config import operators  # noqa: PLC0415 - its models load after Django is set up
    from alpheus.parties.models import StaffRole  # noqa: PLC0415 - as above

    url = settings.public_url or f"http://127.0.0.1:{settings.port}"
    link = operators.link_for(email, base_url=url, role=StaffRole.Role(role))
    console.print(link, highlight=False, soft_wrap=True)


@app.command("rotate-details-key")
def rotate_details_key(
    drop_old: Annotated[
        bool, typer.Option("--drop-old", help="Make no new key; forget the old ones once nothing needs them.")
    ] = False,
) -> None:
    """Seal payees' details under a new key; old keys stay and open what was written meanwhile, until --drop-old."""
    from alpheus.config import secrets  # noqa: PLC0415

    settings = _django("rotate-details-key")
    from alpheus.parties.details import seal_anew  # noqa: PLC0415 - its models load after Django is set up

    keys = secrets.details_keys(settings) if drop_old else secrets.add_details_key(settings)
    changed = seal_anew(keys=keys)
    console.print(f"Details of {changed:,} payees are sealed anew.", highlight=False)
    if drop_old:
        console.print(f"{secrets.drop_old_details_keys(settings):,} old keys are forgotten.", highlight=False)


@app.command("turn-epoch")
def turn_epoch() -> None:
    """Turn the epoch of every edge now: new names and keys; who is listening does not notice."""
    from alpheus.config import edge_client  # noqa: PLC0415

    _tell(edge_client.turn_epoch(load()))


edges = typer.Typer(help="Show the edges, or put one in service or drain it while people listen.")
app.add_typer(edges, name="edges", invoke_without_command=True)


@edges.callback()
def list_edges(context: typer.Context) -> None:
    """List the edges: where each is, whether it gets new streams, how many it has."""
    if context.invoked_subcommand is None:
        settings = _django("edges")
        from alpheus.config import edge_client  # noqa: PLC0415
        from alpheus.listening import duty  # noqa: PLC0415 - models load after Django is set up

        serving = duty.serving(_terms())
        told = edge_client.streams(settings)
        for one in told:
            words = "serving" if one.edge.id in serving else "draining"
            says = one.trouble or ", ".join(one.lines)
            typer.echo(f"{one.edge.id:<12} {words:<9} {one.edge.internal_url}  {says}")
        if any(one.trouble for one in told):
            raise typer.Exit(1)


@edges.command()
def drain(edge: Annotated[str, typer.Argument(help="The edge's id.")]) -> None:
    """Give an edge no new streams; those it has go on, and go elsewhere when it stops."""
    _put(edge, serving=False)


@edges.command("serve")
def serve_edge(edge: Annotated[str, typer.Argument(help="The edge's id.")]) -> None:
    """Let an edge have new streams (again)."""
    _put(edge, serving=True)


def _put(edge: str, *, serving: bool) -> None:
    _django("edges")
    from django.utils import timezone  # noqa: PLC0415 - as above

    from alpheus.listening import duty  # noqa: PLC0415 - as above
    from alpheus.listening.errors import EdgeUnknown  # noqa: PLC0415 - as above

    try:
        duty.put(edge=edge, serving=serving, terms=_terms(), now=timezone.now())
    except EdgeUnknown as error:
        console.print(str(error), highlight=False)
        raise typer.Exit(1) from error


def _terms() -> "Terms":
    from django.conf import settings  # noqa: PLC0415 - as above

    terms: Terms = settings.LISTENING
    return terms


strategies = typer.Typer(help="Show the delivery strategies, or choose among them while people listen.")
app.add_typer(strategies, name="strategies", invoke_without_command=True)


@strategies.callback()
def list_strategies(context: typer.Context) -> None:
    """List the edges' delivery strategies: which are installed, and which is in force."""
    from alpheus.config import edge_client  # noqa: PLC0415

    if context.invoked_subcommand is None:
        _tell(edge_client.strategies(load()))


@strategies.command()
def install(name: Annotated[str, typer.Argument(help="A strategy of this version.")]) -> None:
    """Let epochs draw a strategy, from the next one on."""
    _choose("install", name)


@strategies.command()
def retire(name: Annotated[str, typer.Argument(help="An installed strategy.")]) -> None:
    """Draw a strategy no more; if it is in force the epoch turns at once."""
    _choose("retire", name)


@strategies.command()
def force(name: Annotated[str, typer.Argument(help="A strategy of this version.")]) -> None:
    """Turn the epoch at once and use one strategy, also in all epochs to come, until `draw`."""
    _choose("force", name)


@strategies.command()
def draw() -> None:
    """End a force: epochs draw their strategies again."""
    _choose("draw")


def _choose(verb: str, name: str = "") -> None:
    from alpheus.config import edge_client  # noqa: PLC0415

    _tell(edge_client.choose_strategies(load(), verb, name))


def _tell(told: "list[Told]") -> None:
    """Say what the edges said, each under its name when there are several; end badly when one did not do it."""
    for one in told:
        if len(told) > 1:
            typer.echo(f"{one.edge.id}:")
        for line in one.lines:
            typer.echo(line)
        if one.trouble:
            console.print(one.trouble, highlight=False)
    if any(one.trouble for one in told):
        raise typer.Exit(1)


@app.command()
def intake(
    shop: Annotated[str, typer.Argument(help="The shop's address, such as @tide.")],
    folder: Annotated[Path, typer.Argument(help="A folder or a zip with the files and their sheet.")],
    sheet: Annotated[
        Path | None, typer.Option(help="The sheet; the only CSV at its top when left out.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only say what is to be mended in the sheet.")
    ] = False,
) -> None:
    """Take in a shop's catalogue from a folder or a zip with a sheet, as drafts; run it again and it goes on."""
    _django("intake")
    from alpheus.submissions.bulk import console as intakes  # noqa: PLC0415 - models load after Django is set up

    raise typer.Exit(intakes.run(console, handle=shop, folder=folder, sheet=sheet, check=check))


rates = typer.Typer(help="Show what the house's currency is in others, or set it from a day on.")
app.add_typer(rates, name="rates", invoke_without_command=True)


@rates.callback()
def list_rates(context: typer.Context) -> None:
    """List the rates that hold, and those to come."""
    if context.invoked_subcommand is None:
        _django("rates")
        from alpheus.config import selling_console  # noqa: PLC0415 - models load after Django is set up

        selling_console.list_rates()


@rates.command("set")
def set_rate(
    currency: Annotated[str, typer.Argument(help="ISO 4217, such as JPY.")],
    rate: Annotated[str, typer.Argument(help="How much of it one unit of the house's currency is.")],
    rounding: Annotated[
        str, typer.Option(help="Up to: unit, nines (1.19, 12.99), whole or tens; by the currency when empty.")
    ] = "",
    from_date: Annotated[
        str, typer.Option("--from", help="The first day (UTC), YYYY-MM-DD; today when empty.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask about one far from what held.")] = False,
) -> None:
    """Convert prices into a currency from a day on; what held before stays on record."""
    _django("rates")
    from alpheus.config import selling_console  # noqa: PLC0415 - as above

    raise typer.Exit(
        selling_console.add_rate(
            console, currency=currency, rate=rate, rounding=rounding, from_date=from_date, ask=not yes
        )
    )


sales = typer.Typer(help="Show whether the house sells, and open or close sales.")
app.add_typer(sales, name="sales", invoke_without_command=True)


@sales.callback()
def show_sales(context: typer.Context) -> None:
    """Show whether sales are open, and how many listeners wait to hear of it."""
    if context.invoked_subcommand is None:
        _django("sales")
        from alpheus.config import selling_console  # noqa: PLC0415 - as above

        selling_console.show_sales()


@sales.command("open")
def open_sales(
    where: Annotated[str, typer.Argument(help="The page on which listeners pay: https://...")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before letters go out.")] = False,
) -> None:
    """Open sales: offers lead to where listeners pay, and who asked to be told gets one letter."""
    _django("sales")
    from alpheus.config import selling_console  # noqa: PLC0415 - as above

    raise typer.Exit(selling_console.begin_sales(console, where=where, ask=not yes))


@sales.command("close")
def close_sales() -> None:
    """Close sales: offers are shown with their prices, and listeners can ask to be told."""
    _django("sales")
    from alpheus.config import selling_console  # noqa: PLC0415 - as above

    selling_console.end_sales()


@app.command()
def clean(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would go and how many bytes.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before it goes.")] = False,
) -> None:
    """Clear what nothing needs any more: show what would go, ask, then do it."""
    settings = _django("clean")
    from alpheus.config import processes  # noqa: PLC0415 - their models load after Django is set up
    from alpheus.config.clean_console import run  # noqa: PLC0415

    processes.prepare(settings)
    raise typer.Exit(run(settings, console=console, dry_run=dry_run, ask=not yes))


@app.command()
def doctor() -> None:
    """Check the installation and say how to mend what is wrong."""
    from alpheus.config import doctor as doctors  # noqa: PLC0415

    settings = load()
    findings = doctors.examine(settings)
    for finding in findings:
        console.print(finding.line(), highlight=False, soft_wrap=True)
    raise typer.Exit(1 if any(finding.bad for finding in findings) else 0)
