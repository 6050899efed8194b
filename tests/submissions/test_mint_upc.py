"""UPCs under the operator's GS1 prefix: none is ever given twice, and one that another release has is told as such."""

from concurrent.futures import ThreadPoolExecutor

import music
import pytest
from applying import NOW, account
from django.db import Error, connection, connections, transaction
from hypothesis import HealthCheck, given, settings, strategies

from alpheus.catalogue.models import Release
from alpheus.database.append_only import _SQL, _UNDO
from alpheus.shops.models import Shop
from alpheus.submissions.begin import begin_release
from alpheus.submissions.errors import Incomplete, NotNow, SubmissionUnknown, UpcsUsedUp
from alpheus.submissions.hand_in import hand_in, missing
from alpheus.submissions.mint_upc import mint_upc
from alpheus.submissions.models import MintedUpc, Submission
from alpheus.submissions.rules import Missing, gtins_under
from alpheus.values.identifiers import parse_gtin

PREFIX = "400638133"
AT_ONCE = {"postgresql": 4, "sqlite": 1}
"""SQLite's tests share one database in memory, where writers do not wait for each other."""


def draft(whose):
    Shop.objects.get_or_create(owner=whose, defaults={"name": "潮汐", "country": "JP"})
    return begin_release(account=whose, now=NOW)


def mint(row, *, prefix=PREFIX):
    return mint_upc(account=row.account, gid=row.gid, prefix=prefix, now=NOW)


@pytest.fixture
def _emptied_after(transactional_db):
    """What the database refuses to delete would stay for the next test."""
    yield
    with connection.cursor() as cursor:
        for statement in _UNDO[connection.vendor]:
            cursor.execute(statement.format(table="submissions_mintedupc"))
        MintedUpc.objects.all().delete()
        for statement in _SQL[connection.vendor]:
            cursor.execute(statement.format(table="submissions_mintedupc"))


@given(
    prefix=strategies.text("0123456789", min_size=6, max_size=11).filter(lambda it: it.strip("0")),
    start=strategies.integers(0, 9),
)
def test_what_stands_under_a_prefix_is_a_gtin_each_once(prefix, start):
    codes = list(gtins_under(prefix, after=None)) if len(prefix) > 9 else []
    assert len(set(codes)) == len(codes) == (10 ** (12 - len(prefix)) if codes else 0)
    assert all(it.startswith(prefix) and parse_gtin(it).zfill(13) == it for it in codes)
    if codes:
        assert list(gtins_under(prefix, after=codes[start])) == codes[start + 1 :]


@pytest.mark.django_db
class TestOne:
    def test_one_after_the_other(self, applicant):
        first, second = draft(applicant), draft(applicant)
        assert mint(first) == "4006381330008"
        assert mint(first) == "4006381330008", "asked again, it is its own"
        assert mint(second) == "4006381330015"
        first.refresh_from_db()
        assert first.upc == "4006381330008"

    def test_one_under_a_prefix_of_upcs_has_twelve_digits(self, applicant):
        assert mint(draft(applicant), prefix="0614141") == "614141000005"

    def test_what_is_in_use_is_passed_over(self, applicant):
        music.release()
        Release.objects.update(upc="4006381330008")
        typed = draft(applicant)
        Submission.objects.filter(pk=typed.pk).update(upc="4006381330015")
        assert mint(draft(applicant)) == "4006381330022"

    def test_what_was_minted_for_a_draft_that_is_gone_is_not_given_again(self, applicant):
        first, second = draft(applicant), draft(applicant)
        code = mint(first)
        first.delete()
        assert mint(second) != code

    def test_another_version_of_a_release_keeps_its_own(self, applicant):
        first, second = draft(applicant), draft(applicant)
        code = mint(first)
        Submission.objects.update(release=music.release())
        assert mint(second) == code

    def test_where_none_can_be_given(self, applicant):
        row = draft(applicant)
        with pytest.raises(UpcsUsedUp):
            mint(row, prefix="")
        for _ in range(10):
            mint(draft(applicant), prefix="40063813312")
        with pytest.raises(UpcsUsedUp):
            mint(row, prefix="40063813312")
        with pytest.raises(SubmissionUnknown):
            mint_upc(account=account("m"), gid=row.gid, prefix=PREFIX, now=NOW)
        Submission.objects.update(state="submitted", submitted_at=NOW)
        with pytest.raises(NotNow):
            mint(row)

    def test_the_database_refuses_to_forget_one(self, applicant):
        mint(draft(applicant))
        for change in (MintedUpc.objects.all().delete, lambda: MintedUpc.objects.update(code="1")):
            with pytest.raises(Error, match="append-only"), transaction.atomic():
                change()


@pytest.mark.django_db
class TestTaken:
    def test_a_release_that_stands_here(self, applicant):
        release = music.release()
        Release.objects.update(upc="614141000005")
        row = draft(applicant)
        row.upc = "0-614141-00000-5"
        row.save()
        assert Missing.UPC_TAKEN in missing(row)
        with pytest.raises(Incomplete) as refused:
            hand_in(account=row.account, gid=row.gid, link="", now=NOW)
        assert Missing.UPC_TAKEN in refused.value.missing
        row.release = release
        row.save()
        assert Missing.UPC_TAKEN not in missing(row), "it is its own"

    @pytest.mark.parametrize(
        ("state", "taken"), [("draft", False), ("submitted", True), ("accepted", True), ("withdrawn", False)]
    )
    def test_what_is_handed_in(self, applicant, state, taken):
        other, row = draft(account("jun")), draft(applicant)
        Submission.objects.filter(pk=other.pk).update(upc="0614141000005", state=state, submitted_at=NOW)
        row.upc = "614141000005"
        assert (Missing.UPC_TAKEN in missing(row)) is taken

    def test_what_another_was_given(self, applicant):
        other, row = draft(account("jun")), draft(applicant)
        row.upc = mint(other)
        other.refresh_from_db()
        assert Missing.UPC_TAKEN in missing(row)
        assert Missing.UPC_TAKEN not in missing(other)
        row.upc = "no number"
        assert Missing.UPC_TAKEN not in missing(row), "what it is instead is told by itself"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_emptied_after")
class TestMany:
    @settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(fails=strategies.lists(strategies.booleans(), min_size=4, max_size=8))
    def test_none_is_told_twice_though_some_fail_after_it(self, monkeypatch, fails):
        """Several at once; where one fails after its number was written down, nobody was told of that one."""
        whose = account(f"w{MintedUpc.objects.count()}-{Submission.objects.count()}")
        rows = [draft(whose) for _ in fails]
        failing = {row.pk for row, fail in zip(rows, fails, strict=True) if fail}
        save = Submission.save

        def saving(row, *args, **kwargs):
            save(row, *args, **kwargs)
            if row.pk in failing:
                raise RuntimeError

        def told(row):
            try:
                return mint(row)
            except RuntimeError:
                return None
            finally:
                connections.close_all()

        with monkeypatch.context() as patched, ThreadPoolExecutor(AT_ONCE[connection.vendor]) as pool:
            patched.setattr(Submission, "save", saving)
            codes = list(pool.map(told, rows))
        told_ = [it for it in codes if it]
        assert len(set(told_)) == len(told_) == fails.count(False)
        assert set(told_) <= set(MintedUpc.objects.values_list("code", flat=True))

    def test_inside_what_may_be_rolled_back_none_is_given(self):
        row = draft(account("wren"))
        with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
            mint(row)
        assert not MintedUpc.objects.exists()
