"""The weekly report says what the trends pages say, small figures stay in the house, and each week is made once."""

import asyncio
import csv
import io
import re
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import psutil
import pytest
from pypdf import PdfReader
from sqlalchemy import select

from desk.app import create_app
from desk.pictures.numbers import per_cent, whole
from desk.report import keeping as keeping_room
from desk.report import paper as paper_room
from desk.report.hidden import Few
from desk.report.keeping import figures_of, keep, last_due, missing
from desk.report.paper import NotSet, html, pdf
from desk.report.serving import table as served_table
from desk.report.setting_out import set_out
from desk.report.sheet import OUTSIDE, STAFF, Sheet
from desk.rounds.reporting import report
from desk.topics.gathering import ask
from records.bell import Bell
from records.clock import WIB, Clock
from records.database import Database
from records.models import AuditEntry, Topic, WeeklyReport
from tests.desk.conftest import A_SEAL, Browse
from tests.desk.making import Scene
from tests.desk.report.conftest import LOUD, QUIET, THE_WEEK
from trends.compare import Change
from trends.heat import Cell
from trends.helping.answers import Answers
from trends.helping.cases import Cases
from trends.helping.quantiles import Times
from trends.small_cells import FEWEST
from trends.weekly.figures import Figures, Part
from trends.weekly.served import Served, Service
from trends.weekly.unanswered import Unanswered
from trends.weekly.week import NoSuchWeek, Week
from trends.within import Within

ALL, BEFORE = sum(LOUD.values()), sum(QUIET.values())


class Words(HTMLParser):
    """What a reader of the page reads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.loads: list[str] = []
        self._style = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._style = tag == "style"
        self.loads += [f"{tag} {name}" for name, _ in attrs if name in ("src", "href", "srcset", "style", "onload")]

    def handle_endtag(self, tag: str) -> None:
        self._style = False

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.said.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.said).split())


def numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d[\d.,]*", text))


@pytest.fixture
async def figures(database: Database, clock: Clock, fortnight: Scene) -> Figures:
    return await figures_of(database, clock, THE_WEEK)


async def test_the_headline_tells_what_rose_how_surely_and_why(figures: Figures) -> None:
    first, movers, outage = set_out(figures, STAFF).headline
    assert (
        first
        == f"Peserta menulis {ALL} keluhan, naik 131 % dari {BEFORE} pada minggu sebelumnya: perubahan yang jelas."
    )
    assert movers == "Paling naik “Paket kursus tidak ditemukan” (dari 6 menjadi 60)."
    assert outage.startswith(
        "Satu gangguan tercatat, “Paket kursus tidak tampil” menyentuh 60 orang dan selesai setelah"
    )


async def test_every_number_is_the_one_of_the_trends_page(
    browse: Browse, scene: Scene, database: Database, clock: Clock, fortnight: Scene
) -> None:
    rudi = await browse(scene, "rudi")
    sheet = set_out(await figures_of(database, clock, THE_WEEK), STAFF)
    span = "dari=2020-08-17&sampai=2020-08-23"
    for by, table in (("intent", sheet.topics), ("platform", sheet.platforms)):
        lines = csv.reader(io.StringIO((await rudi.get(f"/tren/unduh?{span}&by={by}")).text, newline=""))
        there = [(line[0], line[2]) for line in lines][1:]
        assert sorted((line.name, line.cells[0]) for line in table.lines) == sorted(there)
    days = csv.DictReader(io.StringIO((await rudi.get(f"/tren/unduh?{span}&by=day")).text, newline=""))
    assert re.findall(r"\w+ (\d+)", sheet.days.told) == [day["Pesan"] for day in days]
    total = sum(int(line.cells[0]) for line in sheet.topics.lines)
    assert f">{total}<" in (await rudi.get(f"/tren?{span}")).text
    assert sheet.tiles[0].value == str(total)


async def test_both_forms_say_the_same_on_one_page(figures: Figures) -> None:
    sheet = set_out(figures, STAFF)
    page, paper = Words(html(sheet)), PdfReader(io.BytesIO(pdf(sheet)))
    assert len(paper.pages) == 1
    on_paper = " ".join(paper.pages[0].extract_text().split())
    for said in (*sheet.headline, *sheet.unknown, *sheet.foot):
        assert said in page.text
        assert re.sub(r"\s", "", said) in re.sub(r"\s", "", on_paper)
    for table in (sheet.topics, sheet.platforms, sheet.moved, sheet.outages, sheet.service):
        for line in table.lines:
            for cell in (line.name, *line.cells):
                assert re.sub(r"\s", "", cell) in re.sub(r"\s", "", page.text)
                assert re.sub(r"\s", "", cell) in re.sub(r"\s", "", on_paper)


async def test_the_page_needs_nothing_from_anywhere_and_runs_nothing(figures: Figures) -> None:
    page = html(set_out(figures, STAFF))
    assert Words(page).loads == []
    assert "<script" not in page
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", page)


async def test_what_the_typesetter_says_of_a_page_it_cannot_set_is_told_and_the_desk_does_not_grow(
    figures: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet, here = set_out(figures, STAFF), psutil.Process()
    pdf(sheet)
    before = here.memory_info().rss
    for _ in range(3):
        pdf(sheet)
    assert here.memory_info().rss - before < 10_000_000
    monkeypatch.setattr(paper_room, "TYPESETTER", paper_room.STYLE)
    with pytest.raises(NotSet, match="SyntaxError"):
        pdf(sheet)


async def test_the_paper_is_tagged_for_who_cannot_see_it(figures: Figures) -> None:
    paper = PdfReader(io.BytesIO(pdf(set_out(figures, STAFF))))
    assert paper.root_object["/MarkInfo"]["/Marked"].value is True
    assert paper.root_object["/Lang"] == "id"
    assert "/StructTreeRoot" in paper.root_object
    assert paper.metadata is not None
    assert paper.metadata.title == "Laporan mingguan keluhan peserta · Minggu 34, 17–23 Agu 2020"
    assert 'part="1"' in paper.xmp_metadata.stream.get_data().decode() or "pdfuaid" in str(  # type: ignore[union-attr]
        paper.xmp_metadata.stream.get_data()  # type: ignore[union-attr]
    )


async def test_hostile_words_stay_words_on_both_pages(database: Database, clock: Clock, figures: Figures) -> None:
    nasty = '"><script>alert(1)</script> #panic() $x$ \\ *_` @a <b> {{7*7}}'
    outage = figures.outages[0]
    told = Figures(
        **{
            **vars(figures),
            "outages": [type(outage)(type(outage.impact)(**{**asdict(outage.impact), "title": nasty}), None)],
        }
    )
    sheet = set_out(told, STAFF)
    assert nasty in Words(html(sheet)).text
    assert "<script" not in html(sheet)
    on_paper = re.sub(r"\s", "", PdfReader(io.BytesIO(pdf(sheet))).pages[0].extract_text())
    assert re.sub(r"\s", "", nasty) in on_paper


async def test_a_week_without_a_word_says_so(database: Database, clock: Clock) -> None:
    sheet = set_out(await figures_of(database, clock, THE_WEEK), STAFF)
    assert sheet.headline == ["Tidak ada keluhan pada minggu ini."]
    assert "Minggu sebelumnya tidak tercatat utuh, jadi tidak dibandingkan." in sheet.unknown
    assert len(PdfReader(io.BytesIO(pdf(sheet))).pages) == 1


async def test_what_is_not_known_is_said(database: Database, clock: Clock, figures: Figures) -> None:
    sheet = set_out(figures, STAFF)
    assert any("tidak menyebut platform" in said for said in sheet.unknown)
    assert any("tidak diketahui provinsinya" in said for said in sheet.unknown)
    assert sheet.unanswered.empty == "Topik minggu ini belum dikumpulkan."


def shown(sheet: Sheet) -> list[str]:
    tables = (sheet.topics, sheet.platforms, sheet.moved, sheet.outages, sheet.unanswered)
    cells = [cell for table in tables for line in table.lines for cell in line.cells]
    return [
        *cells,
        *(tile.value for tile in sheet.tiles),
        *re.findall(r">([\d.]+)</text>", sheet.hours.svg.split("Min<")[-1]),
    ]


async def test_small_figures_stay_in_the_house_and_cannot_be_worked_out(figures: Figures) -> None:
    inside, outside = set_out(figures, STAFF), set_out(figures, OUTSIDE)
    small = {str(number) for number in range(1, FEWEST)}
    assert small & set(shown(inside))
    assert not small & set(shown(outside))
    hidden = [line for line in outside.topics.lines if line.cells[0] == "disamarkan"]
    assert len(hidden) >= 2
    assert all("disamarkan" not in line.name for line in hidden)
    assert "Untuk pihak luar" in outside.audience
    assert any("disamarkan" in said for said in outside.foot)


def parted(figures: Figures, days: list[int], intents: list[int], platforms: list[int]) -> Figures:
    """The week with only these complaints, and nothing known of the one before."""
    parts = {
        by: [Part(f"{by}-{place}", f"Bagian {place}", number, None) for place, number in enumerate(numbers)]
        for by, numbers in (("intent", intents), ("platform", platforms), ("channel", []), ("province", []))
    }
    cells = [Cell(weekday, hour, 0) for weekday in range(7) for hour in range(24)]
    heat = [replace(cells[0], messages=sum(days)), *cells[1:]]
    alone = {"rising": [], "falling": [], "marks": [], "outages": [], "change": None, "heat": heat}
    shown = [replace(day, now=number, before=None) for day, number in zip(figures.days, days, strict=True)]
    return replace(figures, complaints=sum(days), days=shown, parts=parts, **alone)  # type: ignore[arg-type]


def complaints_told(sheet: Sheet) -> str:
    """All the page says of how many complaints there were."""
    cells = [cell for table in (sheet.topics, sheet.platforms) for line in table.lines for cell in line.cells]
    drawn = re.findall(r">([^<>]+)</text>", sheet.days.svg) + re.findall(r">([^<>]+)</text>", sheet.hours.svg)
    said = [sheet.headline[0], *cells, sheet.days.told, sheet.hours.told, sheet.tiles[0].value, sheet.tiles[0].note]
    labels = re.compile(r"(Sen|Sel|Rab|Kam|Jum|Sab|Min) \d+|\d\d")
    return " | ".join([*said, *(word for word in drawn if not labels.fullmatch(word))])


@pytest.mark.parametrize(
    ("days", "intents", "platforms"),
    [
        ([3, 3, 0, 0, 0, 0, 0], [6], [6]),
        ([12, 0, 0, 0, 0, 0, 0], [4, 4, 4], [12]),
        ([6, 0, 0, 0, 0, 0, 0], [6], [3, 3]),
    ],
)
async def test_a_sum_that_would_tell_its_parts_is_nowhere_on_the_page(
    figures: Figures, days: list[int], intents: list[int], platforms: list[int]
) -> None:
    week = parted(figures, days, intents, platforms)
    assert str(sum(days)) in complaints_told(set_out(week, STAFF))
    told = complaints_told(set_out(week, OUTSIDE))
    assert not re.search(r"[1-9]", told), told
    assert "Jumlah keluhan minggu ini disamarkan." in told


async def test_a_sum_beside_parts_that_differ_is_told(figures: Figures) -> None:
    told = complaints_told(set_out(parted(figures, [3, 4, 0, 0, 0, 0, 0], [7], [7]), OUTSIDE))
    assert "Peserta menulis 7 keluhan." in told


async def test_what_is_left_out_of_a_table_stands_in_no_sentence_either(figures: Figures) -> None:
    small, next_one = Change(3, 2, 2.0, 0.5), Change(9, 40, 40.0, 0.001)
    parts = [Part("a", "Bagian a", 90, Change(90, 90, 90.0, 1.0)), Part("b", "Bagian b", 9, next_one)]
    parts.append(Part("c", "Bagian c", 3, small))
    week = replace(figures, parts={**figures.parts, "intent": parts}, rising=[], falling=[parts[1]])
    inside, outside = set_out(week, STAFF), set_out(week, OUTSIDE)
    assert "Bagian b" in " ".join(inside.headline)
    assert [line.cells[0] for line in outside.topics.lines] == ["90", "disamarkan", "disamarkan"]
    assert "Bagian b" not in " ".join(outside.headline)
    assert not any("Bagian b" in line.name for line in outside.moved.lines)


@pytest.mark.parametrize(
    ("good", "settled", "told"),
    [
        *((50 - few, 50, "–") for few in range(1, FEWEST)),
        *((few, 50, "–") for few in range(1, FEWEST)),
        (FEWEST, 50, "10 %"),
        (50 - FEWEST, 50, "90 %"),
        (50, 50, "100 %"),
        (0, 50, "0 %"),
        (4, 4, "–"),
        (0, 0, "–"),
    ],
)
def test_a_share_tells_no_few_outside_neither_of_those_in_it_nor_of_the_others(
    good: int, settled: int, told: str
) -> None:
    cases = Cases("all", cases=settled, kept=good, missed=settled - good)
    served = Served(Answers("all", settled, settled, settled - good), Times(), cases, Times(), Times())
    for on, wanted in ((True, told), (False, per_cent(good / settled) if settled else "–")):
        lines = {line.name: line.cells[0] for line in served_table(Service(served, served), Few(on)).lines}
        assert lines["Dijawab tuntas (72 jam)"] == lines["Janji ditepati"] == wanted


@pytest.mark.parametrize(
    ("still_open", "told"),
    [(49, "disamarkan"), (46, "disamarkan"), (45, "45"), (50, "50"), (5, "5"), (4, "< 5"), (0, "0")],
)
def test_open_cases_beside_all_do_not_tell_that_few_were_closed(still_open: int, told: str) -> None:
    cases = Cases("all", cases=50, resolved=50 - still_open)
    served = Served(Answers("all"), Times(), cases, Times(), Times())
    lines = {line.name: line.cells[0] for line in served_table(Service(served, served), Few(on=True)).lines}
    assert (lines["Kasus dibuka"], lines["Belum selesai"]) == ("50", told)


@pytest.mark.parametrize(
    ("sizes", "alone", "told"),
    [([20, 4], 10, "disamarkan"), ([20], 2, "disamarkan"), ([20, 3], 2, "25"), ([20], 10, "30"), ([4], 0, "< 5")],
)
async def test_questions_beside_their_topics_do_not_tell_a_small_one_that_is_left_out(
    figures: Figures, sizes: list[int], alone: int, told: str
) -> None:
    topics = [Topic(name=f"topik {size}", size=size, before=0, conversations=size) for size in sizes]
    found = Unanswered(figures.made_at, sum(sizes) + alone, alone, topics)
    outside, inside = (set_out(replace(figures, unanswered=found), it).unanswered for it in (OUTSIDE, STAFF))
    assert outside.note.startswith(f"{told} pertanyaan di luar jangkauan bot")
    assert inside.note.startswith(f"{sum(sizes) + alone} pertanyaan di luar jangkauan bot")


async def test_handed_over_and_unknown_tell_no_few_outside(figures: Figures) -> None:
    now = replace(figures.service.now, answers=Answers("all", answers=50, settled=2))
    week = replace(figures, handed_over=figures.complaints - 1, service=Service(now, figures.service.before))
    outside = set_out(week, OUTSIDE)
    assert outside.tiles[2].value == "disamarkan"
    assert any(said.startswith("disamarkan jawaban bot belum lewat") for said in outside.unknown)


def test_weeks_are_called_as_iso_calls_them() -> None:
    assert Week.named("2020-W34").first.isoformat() == "2020-08-17"
    assert Week.named("2020-w53").name == "2020-W53"
    assert Week.of(datetime(2020, 8, 23, 23, 59, tzinfo=WIB)).name == "2020-W34"
    for nonsense in ("2020-34", "2021-W53", "minggu lalu", "2020-W00", "", "0001-W01", "1999-W52"):
        with pytest.raises(NoSuchWeek):
            Week.named(nonsense)


def test_a_report_is_due_on_monday_at_six() -> None:
    monday = datetime(2020, 8, 24, 6, tzinfo=WIB)
    assert last_due(monday - timedelta(seconds=1)).name == "2020-W33"
    assert last_due(monday).name == "2020-W34"
    assert last_due(monday + timedelta(days=6)).name == "2020-W34"


@pytest.fixture
def office(database: Database, clock: Clock, bell: Bell, tmp_path: Path) -> Callable[..., object]:
    def office(at: Clock = clock, folder: Path | None = None) -> object:
        app = create_app(database=database, clock=at, bell=bell, seal=A_SEAL, report_folder=folder)
        return app.state.office

    return office


async def kept(database: Database) -> list[tuple[str, str]]:
    async with database.read() as session:
        rows = await session.execute(select(WeeklyReport.first_day, WeeklyReport.audience))
        return sorted((Week(row.first_day).name, row.audience) for row in rows)


async def test_missed_weeks_are_made_up_for_and_none_is_made_twice(
    database: Database, office: Callable[..., object], later: Callable[[int], Clock], fortnight: Scene
) -> None:
    there = office(later(8))
    while await report(there):  # type: ignore[arg-type]
        pass
    weeks = ["2020-W33", "2020-W34", "2020-W35"]
    assert await kept(database) == [(week, audience) for week in weeks for audience in (OUTSIDE, STAFF)]
    assert await report(there) == 0  # type: ignore[arg-type]


async def test_two_desks_at_once_keep_one_report(database: Database, clock: Clock, fortnight: Scene) -> None:
    done = await asyncio.gather(keep(database, clock, THE_WEEK), keep(database, clock, THE_WEEK))
    assert sorted(done) == [False, True]
    assert len(await kept(database)) == 2


async def test_a_week_whose_topics_wait_behind_others_is_kept_in_a_later_round(
    database: Database, clock: Clock, fortnight: Scene
) -> None:
    async with database.write() as session:
        for days in range(4):
            earlier = clock() - timedelta(minutes=10 - days)
            await ask(session, Within(THE_WEEK.first, THE_WEEK.first + timedelta(days=days)), earlier)
    assert not await keep(database, clock, THE_WEEK)
    assert await kept(database) == []
    assert await keep(database, clock, THE_WEEK)
    async with database.read() as session:
        report = await session.get_one(WeeklyReport, (THE_WEEK.first, STAFF))
    assert "Topik minggu ini belum dikumpulkan" not in report.html


async def test_nothing_is_made_before_anybody_wrote(database: Database, clock: Clock) -> None:
    async with database.read() as session:
        assert await missing(session, clock()) == []


async def test_files_are_laid_into_the_folder_once_and_whole(
    database: Database, office: Callable[..., object], tmp_path: Path, fortnight: Scene
) -> None:
    there = office(folder=tmp_path / "laporan")
    while await report(there):  # type: ignore[arg-type]
        pass
    files = {path.name: path.read_bytes() for path in (tmp_path / "laporan").iterdir()}
    assert set(files) == {
        f"laporan-2020-W{week}{who}.{form}" for week in (33, 34) for who in ("", "-luar") for form in ("html", "pdf")
    }
    assert all(content.startswith((b"%PDF", b"\n<!doctype", b"<!doctype")) for content in files.values())


async def test_html_needs_no_typesetter_and_paper_that_cannot_be_set_is_said(
    browse: Browse, scene: Scene, fortnight: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper_room, "TYPESETTER", paper_room.STYLE)
    rudi = await browse(scene, "rudi")
    page, paper = [await rudi.get(f"/laporan/2020-W34/staf.{form}") for form in ("html", "pdf")]
    assert (page.status_code, str(ALL) in page.text) == (200, True)
    assert (paper.status_code, "Buka sebagai HTML" in paper.text) == (503, True)
    assert "SyntaxError" not in paper.text


async def test_a_typesetter_that_takes_too_long_is_given_up(figures: Figures, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper_room, "SECONDS", 0.001)
    with pytest.raises(NotSet, match="took longer"):
        pdf(set_out(figures, STAFF))


async def test_a_week_that_cannot_be_set_holds_up_neither_files_nor_other_weeks(
    database: Database,
    office: Callable[..., object],
    tmp_path: Path,
    fortnight: Scene,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def some(sheet: Sheet) -> bytes:
        if "Minggu 33" in sheet.week:
            raise NotSet("no such letter")
        return pdf(sheet)

    monkeypatch.setattr(keeping_room, "pdf", some)
    there = office(folder=tmp_path / "laporan")
    assert [await report(there) for _ in range(3)] == [1, 4, 0]  # type: ignore[arg-type]
    assert await kept(database) == [("2020-W34", OUTSIDE), ("2020-W34", STAFF)]
    monkeypatch.undo()
    assert [await report(there) for _ in range(3)] == [1, 4, 0]  # type: ignore[arg-type]
    assert len(await kept(database)) == 4


async def test_what_was_handed_out_does_not_change(
    browse: Browse, scene: Scene, database: Database, clock: Clock, fortnight: Scene
) -> None:
    await keep(database, clock, THE_WEEK)
    rudi = await browse(scene, "rudi")
    first = await rudi.get("/laporan/2020-W34/staf.html")
    async with database.write() as session:
        kept = await session.get_one(WeeklyReport, (THE_WEEK.first, STAFF))
        kept.html = kept.html.replace(str(ALL), "12345")
    again = await rudi.get("/laporan/2020-W34/staf.html")
    assert (str(ALL) in first.text, "12345" in again.text) == (True, True)


async def test_the_page_lists_reports_and_hands_them_out_audited(
    browse: Browse, scene: Scene, database: Database, clock: Clock, fortnight: Scene
) -> None:
    await keep(database, clock, THE_WEEK)
    rudi = await browse(scene, "rudi")
    page = (await rudi.get("/laporan")).text
    assert "Minggu 34, 17–23 Agu 2020" in page
    links = re.findall(r'href="(/laporan/[^"]+)"', page)
    assert len(links) == 12
    for link in links:
        answer = await rudi.get(link)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("application/pdf" if ".pdf" in link else "text/html")
        assert "sha256-" in answer.headers["content-security-policy"]
    async with database.read() as session:
        entries = (
            await session.scalars(select(AuditEntry).where(AuditEntry.action == "report_taken").order_by(AuditEntry.id))
        ).all()
    assert len(entries) == 12
    assert {entry.detail["week"] for entry in entries} == {"2020-W34", "2020-W35"}


async def test_the_running_week_says_that_it_is_not_over(browse: Browse, scene: Scene, fortnight: Scene) -> None:
    answer = await (await browse(scene, "rudi")).get("/laporan/2020-W35/staf.html")
    assert "(belum selesai)" in answer.text
    assert "Minggu ini belum selesai; angkanya masih bertambah." in answer.text


@pytest.mark.parametrize("week", ["2020-W36", "2020-W99", "kemarin", "0001-W01"])
async def test_a_week_that_is_none_or_to_come_has_no_report(browse: Browse, scene: Scene, week: str) -> None:
    assert (await (await browse(scene, "rudi")).get(f"/laporan/{week}/staf.pdf")).status_code == 404


async def test_agents_are_not_handed_reports(browse: Browse, scene: Scene, fortnight: Scene) -> None:
    sari = await browse(scene, "sari")
    assert (await sari.get("/laporan")).status_code == 403
    assert (await sari.get("/laporan/2020-W34/staf.pdf")).status_code == 403


def test_numbers_are_written_as_indonesians_write_them() -> None:
    assert whole(12480) == "12.480"
