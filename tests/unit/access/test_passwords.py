import pytest
from pwdlib import PasswordHash

from banneret.access.passwords import PasswordPolicy, Passwords, VerifiedPasswords, violations

CHEAP = Passwords(kibibytes=64, passes=1)


def test_a_password_verifies_against_its_own_hash_only() -> None:
    stored = CHEAP.hash("correct horse")
    assert stored.startswith("$argon2id$")
    assert CHEAP.verify("correct horse", stored)
    assert not CHEAP.verify("correct hors", stored)
    assert not CHEAP.verify("correct horse", None)
    assert not CHEAP.verify("correct horse", "not a hash")


def test_any_text_is_a_password_and_a_megabyte_is_none() -> None:
    stored = CHEAP.hash("пароль \udc80")
    assert CHEAP.verify("пароль \udc80", stored)
    assert not CHEAP.verify("x" * 1_000_000, stored)


def test_an_unknown_user_costs_as_much_as_a_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash of the same parameters and lengths is checked for who does not exist, so the answer takes as long."""
    passwords = Passwords(kibibytes=128, passes=2)
    stored = passwords.hash("x")
    checked: list[str] = []
    verify = PasswordHash.verify

    def noting(hasher: PasswordHash, password: str | bytes, found: str | bytes) -> bool:
        checked.append(str(found))
        return verify(hasher, password, found)

    monkeypatch.setattr(PasswordHash, "verify", noting)
    for each in (stored, None):
        assert not passwords.verify("wrong", each)
    known, unknown = (each.split("$") for each in checked)
    assert unknown[:4] == known[:4]
    assert [len(part) for part in unknown] == [len(part) for part in known]


def test_a_hash_of_other_parameters_is_outdated() -> None:
    assert not CHEAP.is_outdated(CHEAP.hash("x"))
    assert Passwords(kibibytes=128, passes=1).is_outdated(CHEAP.hash("x"))


def test_a_verified_password_is_known_until_its_hash_changes() -> None:
    known = VerifiedPasswords()
    known.remember("edie", "pw", "hash1")
    assert known.knows("edie", "pw", "hash1")
    assert not known.knows("edie", "pw2", "hash1")
    assert not known.knows("other", "pw", "hash1")
    assert not known.knows("edie", "pw", "hash2")
    assert not known.knows("edie", "pw", "hash1"), "the entry is gone for good"


def test_names_and_passwords_do_not_run_into_each_other() -> None:
    known = VerifiedPasswords()
    known.remember("ab", "c", "h")
    assert not known.knows("a", "bc", "h")


def test_no_password_is_kept_in_clear() -> None:
    known = VerifiedPasswords()
    known.remember("edie", "s3cret-word", "hash1")
    assert "s3cret-word" not in repr(vars(known))


def test_the_least_recently_used_is_forgotten_first() -> None:
    known = VerifiedPasswords(capacity=2)
    known.remember("a", "p", "h")
    known.remember("b", "p", "h")
    assert known.knows("a", "p", "h")
    known.remember("c", "p", "h")
    assert len(known) == 2
    assert known.knows("a", "p", "h")
    assert not known.knows("b", "p", "h")


@pytest.mark.parametrize(
    ("policy", "password", "wrong"),
    [
        (PasswordPolicy(), "Ed1tor-acme-7k", []),
        (PasswordPolicy(minimum_score=0), "short7!", ["at least 12 characters"]),
        (PasswordPolicy(minimum_length=8), "password1", ["easy to guess"]),
        (PasswordPolicy(minimum_score=0), "aaaaaaaaaaaa", []),
        (PasswordPolicy(minimum_score=0, required_classes=3), "lowercase only", ["at least 3 of these"]),
        (PasswordPolicy(minimum_score=0, required_classes=3), "Upper and lower", []),
        (PasswordPolicy(minimum_score=0, required_classes=4), "Lower and 1 more", []),
        (PasswordPolicy(minimum_score=0, required_classes=4), "Lowerand1more", ["at least 4 of these"]),
        (PasswordPolicy(minimum_score=4), "Ed1tor-acme-7k", []),
        (PasswordPolicy(minimum_score=0), "x" * 2000, ["at most 1024"]),
        (PasswordPolicy(), "correct horse battery staple " * 5, []),
    ],
)
def test_violations_name_what_is_wrong(policy: PasswordPolicy, password: str, wrong: list[str]) -> None:
    found = violations(policy, password)
    assert len(found) == len(wrong)
    assert all(part in sentence for part, sentence in zip(wrong, found, strict=True))


def test_words_of_the_users_own_are_easy_to_guess() -> None:
    words = ("zebedee.quux@acme.test", "Zebedee Quux")
    assert violations(PasswordPolicy(), "zebedee quux acme") == []
    assert violations(PasswordPolicy(), "zebedee quux acme", context=words)


def test_former_passwords_do_not_come_again() -> None:
    policy = PasswordPolicy(minimum_score=0, remembered=2)
    former = [CHEAP.hash(f"former password {number}") for number in range(3)]
    assert violations(policy, "former password 1", previous=former, matches=CHEAP.verify)
    assert not violations(policy, "former password 2", previous=former, matches=CHEAP.verify)
