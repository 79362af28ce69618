"""`./run`'s commands, once Python and its packages are there."""

import os
import subprocess
import sys
from importlib.util import find_spec

from handrail.kernel.environment import BadSetting, Environment, as_given
from handrail.startup import home, parent
from handrail.startup.refusals import cautions, refusals

USAGE = "Usage: ./run [serve | test [arguments] | bench NAME [arguments] | manage COMMAND | keys]"


class Refused(Exception):
    """The text says why, in one line or a short list."""


def main(arguments: list[str]) -> int:
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    os.chdir(home.ROOT)
    os.umask(0o077)  # whatever this install writes is for its own user alone
    try:
        if command == "test":
            return _become("-m", "tests", *rest)
        if command == "bench":
            return _bench(rest)
        environment = _environment(command)
        if command == "" and not rest:
            return _show(environment)
        if command == "serve":
            return _serve(environment)
        if command == "keys":
            return _keys(environment)
        if command == "manage":
            home.make_home(environment)
            return _become("manage.py", *rest)
    except (Refused, BadSetting, parent.PortTaken, parent.CannotStart) as why:
        print(why, file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # while it prepares; a house that stands is stopped by its parent
        return 130
    print(USAGE, file=sys.stderr)
    return 2


def _environment(command: str) -> Environment:
    """The settings; a trial (no secret key of its own) shows the demo unless told otherwise.

    A real install is never filled with invented people, whatever is typed in its folder.
    """
    environment = Environment.read(home.ROOT)
    if command not in ("serve", "keys") and not environment.secret_key and "HANDRAIL_DEMO" not in as_given(home.ROOT):
        os.environ["HANDRAIL_DEMO"] = "1"
        environment = Environment.read(home.ROOT)
    return environment


def _show(environment: Environment) -> int:
    """The demo, or an empty trial."""
    with parent.listen(environment) as listening:
        home.make_home(environment)
        if not home.is_prepared(environment):
            _prepare()
        parent.keep_house(environment, listening, lambda: _say_where(environment))
    return 0


def _serve(environment: Environment) -> int:
    if missing := list(refusals(environment)):
        raise Refused("\n".join(["Handrail does not start for real yet:", *(f"- {reason}" for reason in missing)]))
    for caution in cautions(environment):
        print(caution, file=sys.stderr, flush=True)
    with parent.listen(environment) as listening:
        _prepare("--for-real")
        parent.keep_house(environment, listening, lambda: _say_where(environment))
    return 0


def _keys(environment: Environment) -> int:
    """The first key ring of a new install and its web-push identity."""
    home.make_home(environment)
    if _python("-m", "handrail.startup.prepare", "--keys-only"):
        raise Refused("The keys could not be made; the lines above say why.")
    print(f"{environment.key_file}: keep a copy where no backup of the database lies. Lost key, lost words.")
    return 0


def _bench(rest: list[str]) -> int:
    known = sorted(path.stem for path in (home.ROOT / "benchmarks").glob("[a-z]*.py"))
    if not rest or rest[0] not in known:
        raise Refused(f"Which one? ./run bench {' | '.join(known)}")
    if find_spec("pytest") is None:
        raise Refused("Benchmarks need the test packages: start them with ./run bench.")
    return _become("-m", f"benchmarks.{rest[0]}", *rest[1:])


def _prepare(*options: str) -> None:
    if _python("-m", "handrail.startup.prepare", *options):
        raise Refused("Handrail could not prepare its database; the lines above say why.")


def _say_where(environment: Environment) -> None:
    shown = environment.origin or f"http://{environment.bind}:{environment.port}"
    print(f"Handrail is at {shown}/ (Ctrl-C stops it)", flush=True)


def _python(*arguments: str) -> int:
    return subprocess.run([sys.executable, *arguments], check=False).returncode


def _become(*arguments: str) -> int:
    os.execv(sys.executable, [sys.executable, *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
