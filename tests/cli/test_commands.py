"""Commands: exit codes, one line on stderr, and that what they do is done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner, Result

from banneret.cli import app

if TYPE_CHECKING:
    from collections.abc import Callable


EXAMPLE = Path(__file__).parents[1] / "unit" / "scenarios" / "example.yaml"
PASSWORD = "Sunday-roast-77-kites"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command on an installation of the test's own."""
    monkeypatch.setenv("BANNERET_DATA_DIR", str(tmp_path / "data"))

    def runner(*arguments: str, input: str | None = None) -> Result:
        return CliRunner().invoke(app, list(arguments), input=input)

    return runner


@pytest.fixture
def loaded(run: Callable[..., Result]) -> Callable[..., Result]:
    """The same, with the example in it."""
    assert run("load", str(EXAMPLE)).exit_code == 0
    return run


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["dump"], 1, "banneret: the database is empty\n"),
        (
            ["keys", "list"],
            1,
            "banneret: the database is empty: `banneret load` a scenario, or `banneret users create` first\n",
        ),
        (
            ["load", "nowhere.yaml"],
            1,
            "banneret: cannot read the scenario nowhere.yaml: No such file or directory; those that ship are: demo\n",
        ),
        (["load"], 2, "Missing argument"),
        (["serve", "--edition", "cloud"], 2, "is not one of 'saas', 'on-prem', 'sandbox'"),
        (["serve", "--port", "70000"], 2, "less than or equal to 65535"),
        (["serve", "--workers", "2"], 2, "SQLite is served by one process"),
        (["serve", "--ephemeral", "--database", "postgresql://localhost/x"], 2, "throw-away SQLite database"),
        (["serve", "--tls-cert", "x.pem"], 2, "--tls-cert and --tls-key go together"),
        (["serve", "--tls-cert", "x.pem", "--tls-key", "y.pem"], 1, "banneret: there is no file x.pem\n"),
        (["serve", "--scenario", "nowhere"], 1, "banneret: cannot read the scenario nowhere"),
        (["rename"], 2, "No such command"),
        (["frobnicate"], 2, "No such command"),
    ],
)
def test_what_cannot_be_done_says_so(run: Callable[..., Result], arguments: list[str], code: int, told: str) -> None:
    result = run(*arguments)
    assert result.exit_code == code
    assert told in result.stderr
    assert result.stdout == ""
    if code == 1:
        assert result.stderr.count("\n") == 1


def test_a_wrong_setting_of_the_environment_is_named(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANNERET_CONNECTIONS", "many")
    result = run("dump")
    assert (result.exit_code, result.stderr[:31]) == (1, "banneret: BANNERET_CONNECTIONS:")


def test_a_scenario_goes_in_and_out(loaded: Callable[..., Result], tmp_path: Path) -> None:
    text = loaded("dump").stdout
    assert '_type: "Defect", _id: "o777"' in text
    file = tmp_path / "out.yaml"
    assert loaded("dump", str(file)).exit_code == 0
    assert file.read_text() == text
    assert loaded("reset", str(file), "--yes").exit_code == 0
    again = loaded("dump").stdout
    assert [line for line in again.splitlines() if line[:1] != "#"] == [
        line for line in text.splitlines() if line[:1] != "#"
    ]


def test_loading_tells_what_has_no_effect(run: Callable[..., Result]) -> None:
    result = run("load", str(EXAMPLE))
    assert result.stderr == "Notice: clients are read but have no effect yet: the OAuth server is not built.\n"


def test_a_reset_asks_first(loaded: Callable[..., Result]) -> None:
    assert loaded("reset", input="n\n").exit_code == 1
    assert loaded("dump").exit_code == 0
    assert loaded("reset", input="y\n").exit_code == 0
    assert loaded("dump").exit_code == 1


def test_migrating_what_is_up_to_date_does_nothing(loaded: Callable[..., Result]) -> None:
    assert loaded("migrate").stdout == "The schema is up to date.\n"


class TestKeys:
    def test_are_listed_without_their_values(self, loaded: Callable[..., Result]) -> None:
        lines = loaded("keys", "list").stdout.splitlines()
        assert len(lines) == 3
        assert "_EXAMPLE" not in "".join(lines)
        assert len(loaded("keys", "list", "--user", "viewer@acme.test").stdout.splitlines()) == 1

    def test_are_made_reset_disabled_enabled_and_deleted(self, loaded: Callable[..., Result]) -> None:
        made = loaded("keys", "create", "editor@acme.test", "nightly", "--grant", "full")
        value = made.stdout.strip()
        assert value.startswith("_BK")
        (oid,) = [line.split()[0] for line in loaded("keys", "list").stdout.splitlines() if "nightly" in line]
        again = loaded("keys", "reset", oid).stdout.strip()
        assert again.startswith("_BK")
        assert again != value
        for command, state in (("disable", " disabled "), ("enable", " active ")):
            assert loaded("keys", command, oid).exit_code == 0
            (line,) = [line for line in loaded("keys", "list").stdout.splitlines() if "nightly" in line]
            assert state in line
        assert loaded("keys", "delete", oid).exit_code == 0
        gone = loaded("keys", "delete", oid)
        assert (gone.exit_code, gone.stderr) == (1, f"banneret: there is no key {oid}\n")

    @pytest.mark.parametrize(("grant", "code"), [("full", 1), ("read_only", 0)])
    def test_of_a_viewer_only_read(self, loaded: Callable[..., Result], grant: str, code: int) -> None:
        result = loaded("keys", "create", "viewer@acme.test", "mine", "--grant", grant)
        assert result.exit_code == code
        assert ("a viewer cannot create a Full Access key" in result.stderr) is (code == 1)

    @pytest.mark.parametrize("enabled", [True, False])
    def test_are_made_only_while_the_subscription_has_them(
        self, loaded: Callable[..., Result], tmp_path: Path, enabled: bool
    ) -> None:
        file = tmp_path / "switch.yaml"
        file.write_text(f"subscription: {{ApiKeysEnabled: {str(enabled).lower()}}}\n")
        assert loaded("load", str(file)).exit_code == 0
        made = loaded("keys", "create", "editor@acme.test", "new")
        assert made.exit_code == (0 if enabled else 1)
        if not enabled:
            assert "API Keys are disabled. Contact your Subscription Administrator" in made.stderr
            oid = loaded("keys", "list").stdout.splitlines()[1].split()[0]
            assert loaded("keys", "reset", oid).exit_code == 1
            assert loaded("keys", "delete", oid).exit_code == 0


class TestUsers:
    def test_the_first_one_makes_the_subscription(self, run: Callable[..., Result]) -> None:
        refused = run("users", "create", "root@acme.test", "--password-stdin", input=PASSWORD)
        assert (refused.exit_code, "created with --subscription-admin" in refused.stderr) == (1, True)
        weak = run("users", "create", "root@acme.test", "--subscription-admin", "--password-stdin", input="secret")
        assert (weak.exit_code, "at least 12 characters" in weak.stderr) == (1, True)
        made = run("users", "create", "root@acme.test", "--subscription-admin", "--password-stdin", input=PASSWORD)
        assert made.exit_code == 0
        assert "root@acme.test  root@acme.test  subscription_admin" in run("users", "list").stdout

    def test_are_locked_disabled_and_let_in_again(self, loaded: Callable[..., Result]) -> None:
        def state() -> str:
            (line,) = [line for line in loaded("users", "list").stdout.splitlines() if line.startswith("viewer@")]
            return line

        for verb, stopped in (("lock", "locked"), ("disable", "disabled, locked")):
            assert loaded("users", verb, "VIEWER@acme.test").exit_code == 0
            assert stopped in state()
        for verb in ("unlock", "enable"):
            assert loaded("users", verb, "viewer@acme.test").exit_code == 0
        assert "locked" not in state()
        assert "disabled" not in state()

    def test_the_last_administrator_stays(self, loaded: Callable[..., Result]) -> None:
        refused = loaded("users", "disable", "admin@acme.test")
        assert (refused.exit_code, "last active subscription administrator" in refused.stderr) == (1, True)

    def test_passwords_are_set_and_expire(self, loaded: Callable[..., Result]) -> None:
        weak = loaded("users", "set-password", "editor@acme.test", "--password-stdin", input="editor@acme.test")
        assert (weak.exit_code, "too easy to guess" in weak.stderr) == (1, True)
        assert loaded("users", "set-password", "editor@acme.test", "--password-stdin", input=PASSWORD).exit_code == 0
        assert loaded("users", "expire-password", "editor@acme.test").exit_code == 0
        unknown = loaded("users", "expire-password", "nobody@acme.test")
        assert (unknown.exit_code, unknown.stderr) == (1, "banneret: there is no user nobody@acme.test\n")

    def test_a_lost_second_factor_is_taken_away(self, loaded: Callable[..., Result]) -> None:
        done = loaded("users", "reset-second-factor", "editor@acme.test")
        assert (done.exit_code, "Took the second factors of editor@acme.test away." in done.stdout) == (0, True)
        assert loaded("users", "reset-second-factor", "nobody@acme.test").exit_code == 1


def test_help_needs_no_installation(run: Callable[..., Result], tmp_path: Path) -> None:
    for command in ([], ["serve"], ["keys"], ["users", "create"]):
        assert run(*command, "--help").exit_code == 0
    assert not (tmp_path / "data").exists()
    assert "serve" in run("--help").stdout
