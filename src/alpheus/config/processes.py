"""The parts of an installation as processes: web, edge, worker, and what prepares them."""

import os
import socket
import sys

import django
from django.core.management import call_command
from django.db import OperationalError

from alpheus.config import edges, logs, supervisor, wiring
from alpheus.config.settings import Settings, SettingsError

DJANGO = "alpheus.config.django"


def start_django(settings: Settings, *, part: str) -> None:
    """Make Django usable in this process, logging as `part`."""
    os.environ["DJANGO_SETTINGS_MODULE"] = DJANGO
    logs.configure(part=part, level=settings.log_level, as_json=settings.log_json)
    django.setup()


def prepare(settings: Settings) -> None:
    """Bring the data folder up to this version: folders, tables, static files. Safe to run again and again."""
    for folder in ("objects", "logs", "keylog", "static", "uploads"):
        (settings.data / folder).mkdir(parents=True, exist_ok=True)
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as error:
        if settings.database_url:
            raise SettingsError(
                f"ALPHEUS_DATABASE_URL: the database does not answer ({error}). `alpheus doctor` says more."
            ) from error
        raise
    call_command("collectstatic", interactive=False, verbosity=0, clear=False)


def web(settings: Settings) -> None:
    """Serve pages and API until SIGTERM."""
    from alpheus.config.web_server import serve  # noqa: PLC0415 - only this process needs the server

    start_django(settings, part="web")
    serve(settings)


def edge(settings: Settings, name: str = "") -> None:
    """Serve audio until SIGTERM, as the edge that is named, or the one that the settings say runs here.

    Raises:
        SettingsError: the settings name no such edge.
    """
    from alpheus.edge.serve import serve  # noqa: PLC0415 - only this process needs it

    try:
        own = edges.own_edge(settings, name)
    except edges.EdgeUnknown as error:
        raise SettingsError(f"ALPHEUS_EDGES: {error}") from error
    serve(
        wiring.edge_options(settings, own),
        bind=settings.bind,
        port=edges.own_port(settings, own),
        tls_certificate=settings.tls_certificate or None,
        tls_key=settings.tls_key or None,
    )


def worker(settings: Settings) -> None:
    """Run tasks and schedules until SIGTERM."""
    start_django(settings, part="worker")
    from alpheus.tasks.apps import discover  # noqa: PLC0415 - models load after Django is set up
    from alpheus.tasks.worker import Worker  # noqa: PLC0415

    discover()
    if settings.clean_daily:
        from alpheus.config import cleaning  # noqa: PLC0415 - as above

        cleaning.schedule(settings)
    work = Worker()
    work.stop_on_signals()
    work.run()


def parts(settings: Settings, *, demo: bool) -> list[supervisor.Part]:
    """The processes of `alpheus up`."""
    me = [sys.executable, "-m", "alpheus"]
    own = edges.own_edges(settings)
    near = (
        [supervisor.Part(one.id, [*me, "edge", "--id", one.id]) for one in own]
        if len(own) > 1
        else [supervisor.Part("edge", [*me, "edge"])]
    )
    kept = [supervisor.Part("web", [*me, "web"]), *near, supervisor.Part("worker", [*me, "worker"])]
    return [*kept, supervisor.Part("demo", [*me, "demo"], once=True)] if demo else kept


def lan_address() -> str | None:
    """This machine's address on the local network, or None without one. Sends nothing: UDP has no handshake."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1 (RFC 5737): only asks the kernel for a route
        except OSError:
            return None
        address = str(probe.getsockname()[0])
    return None if address.startswith("127.") else address


def taken_ports(settings: Settings) -> list[int]:
    """Which of our ports another program holds already."""
    taken = []
    for port in (settings.port, *(edges.own_port(settings, edge) for edge in edges.own_edges(settings))):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((settings.bind, port))
            except OSError:
                taken.append(port)
    return taken
