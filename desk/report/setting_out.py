"""From the figures of a week to what stands on its page, for staff or for outside."""

from dataclasses import replace
from datetime import timedelta

from desk.pages.trends.words import SHORT_WEEKDAYS, WEEKDAYS, arrow, day_said, span, surely, tone
from desk.pictures.numbers import per_cent, signed, signed_per_cent, whole
from desk.report import complaints, drawings, serving, telling
from desk.report.hidden import FEW, LEFT_OUT, Few
from desk.report.sheet import OUTSIDE, Drawing, Line, Sheet, Table
from desk.report.unknown import unknown
from desk.wording import clock_time, lasting
from records.clock import wib
from trends.annotations import Mark
from trends.compare import Change
from trends.weekly.figures import Figures, Part
from trends.weekly.outages import Outage

TOPICS, PLATFORMS, MOVED, OUTAGES, PINS = 8, 6, 5, 3, 5
NOBODY = "–"


def set_out(figures: Figures, audience: str) -> Sheet:
    """Return the page."""
    few = Few(audience == OUTSIDE)
    week = figures.week
    return Sheet(
        title="Laporan mingguan keluhan peserta",
        week=f"Minggu {week.number}, {span(week.first, week.last)}" + ("" if figures.over else " (belum selesai)"),
        audience="Untuk pihak luar" if few.on else "Untuk PMO dan petugas",
        headline=telling.headline(figures, few),
        tiles=serving.tiles(figures, few),
        days=_days(figures, few),
        hours=_hours(figures, few),
        topics=_parts("Keluhan terbanyak", figures, "intent", TOPICS, few),
        platforms=_parts("Menurut platform", figures, "platform", PLATFORMS, few),
        moved=_moved(figures, few),
        outages=_outages(figures, few),
        service=serving.table(figures.service, few),
        unanswered=_unanswered(figures, few),
        unknown=unknown(figures, few),
        foot=_foot(figures, few),
    )


def _days(figures: Figures, few: Few) -> Drawing:
    said = complaints.said(figures, few, complaints.days(figures.days))
    shown = [replace(day, now=0) if said[str(day.day)] == LEFT_OUT else day for day in figures.days]
    open_before = complaints.shown(figures, few, complaints.days_before(figures.days), before=True)
    shown = [day if str(day.day) in open_before else replace(day, before=None) for day in shown]
    told = ", ".join(f"{WEEKDAYS[day.day.weekday()]} {said[str(day.day)]}" for day in figures.days)
    marks = figures.marks[:PINS]
    pins = [((mark.day - figures.week.first).days, number) for number, mark in enumerate(marks, start=1)]
    title = "Keluhan per hari"
    return Drawing(
        title,
        drawings.days(title, told, shown, said, pins),
        told + ".",
        [_pin(mark) for mark in marks],
        "Penuh: minggu ini; garis putus-putus: minggu sebelumnya; angka bulat: peristiwa."
        + _unshown(len(figures.marks) - PINS),
    )


def _pin(mark: Mark) -> str:
    days = SHORT_WEEKDAYS[mark.day.weekday()]
    if mark.until != mark.day:
        days += f"–{SHORT_WEEKDAYS[mark.until.weekday()]}"
    return f"{days}: {mark.label}"


def _unshown(more: int) -> str:
    return f" {more} peristiwa lagi ada di halaman tren." if more > 0 else ""


def _hours(figures: Figures, few: Few) -> Drawing:
    open_ = complaints.told(figures, few)
    heat = figures.heat if open_ else [replace(cell, messages=0) for cell in figures.heat]
    peak = max(heat, key=lambda cell: cell.messages, default=None)
    told = "Tidak ada keluhan." if open_ else f"Jamnya {LEFT_OUT}."
    if peak and peak.messages and few.hides(peak.messages):
        told = f"Tidak ada jam dengan {FEW[2:]} keluhan atau lebih."
    elif peak and peak.messages:
        hour = f"{peak.hour:02}.00–{peak.hour:02}.59"
        told = f"Puncaknya {WEEKDAYS[peak.weekday]} {hour}: {whole(peak.messages)} keluhan."
    note = "Makin gelap makin banyak; jam WIB." + (f" Jam dengan {FEW} keluhan dibiarkan terang." if few.on else "")
    title = "Kapan peserta menulis"
    return Drawing(title, drawings.hours(title, told, heat, few), told, note=f"{told} {note}")


def _parts(title: str, figures: Figures, by: str, most: int, few: Few) -> Table:
    parts = figures.parts[by]
    said = complaints.said(figures, few, complaints.counts(parts))
    then = complaints.said(figures, few, complaints.counts_before(parts), before=True)
    largest = max((part.now for part in parts), default=0) or 1
    lines = [
        Line(
            part.label,
            [said[part.key], *_changed(part, then.get(part.key), said[part.key])],
            _tone(part.change, said[part.key], then.get(part.key)),
            0.0 if said[part.key] == LEFT_OUT else round(part.now / largest, 3),
        )
        for part in parts[:most]
        if part.now
    ]
    more = sum(part.now > 0 for part in parts) - len(lines)
    return Table(
        title,
        ["Keluhan", "Sebelumnya", "Beda", "Seberapa pasti"],
        lines,
        "Tidak ada keluhan.",
        f"{more} lainnya ada di halaman tren." if more > 0 else "",
    )


def _changed(part: Part, then: str | None, now: str) -> list[str]:
    """The week before, the difference, and how sure it is; nothing of what is left out."""
    if part.change is None or then is None:
        return ["tidak diketahui", NOBODY, NOBODY]
    if LEFT_OUT in (then, now):
        return [then, NOBODY, NOBODY]
    return [then, signed(part.now - part.change.before), f"{arrow(part.change)} {surely(part.change)}".strip()]


def _tone(change: Change | None, now: str, then: str | None) -> str:
    return tone(change) if change and LEFT_OUT not in (now, then) else ""


def _moved(figures: Figures, few: Few) -> Table:
    lines, open_ones = [], complaints.named(figures, few)
    for parts in (figures.rising, figures.falling):
        lines += [line for part in parts if part.key in open_ones and (line := _move(part))][:MOVED]
    empty = "Tidak ada yang naik atau turun dengan cukup pasti."
    return Table("Yang paling naik dan turun", ["Dari", "Menjadi", "Beda"], lines, empty)


def _move(part: Part) -> Line | None:
    change = part.change
    if change is None:
        return None
    by = "baru" if change.share is None else signed_per_cent(change.share)
    return Line(f"{arrow(change)} {part.label}", [whole(change.before), whole(change.now), by], tone(change))


def _outages(figures: Figures, few: Few) -> Table:
    widest = sorted(figures.outages, key=lambda it: -it.impact.people)
    more = len(widest) - OUTAGES
    return Table(
        "Gangguan",
        ["Orang terdampak", "Bagian keluhan", "Dijelaskan setelah", "Selesai setelah"],
        [_outage(outage, few) for outage in widest[:OUTAGES]],
        "Tidak ada gangguan tercatat pada minggu ini.",
        f"{more} gangguan lagi ada di halaman insiden." if more > 0 else "",
    )


def _outage(outage: Outage, few: Few) -> Line:
    it = outage.impact
    start = wib(it.started_at)
    name = f"{it.title} (sejak {day_said(start.date())} {clock_time(it.started_at)})"
    hidden = few.hides(it.people) or few.hides(it.messages or 0)
    return Line(
        name,
        [
            few(it.people),
            NOBODY if it.share is None or hidden else per_cent(it.share),
            _after(outage.explained_in, "tidak diketahui"),
            _after(outage.resolved_in, "belum selesai"),
        ],
    )


def _after(time: timedelta | None, none: str) -> str:
    return none if time is None else lasting(time)


def _unanswered(figures: Figures, few: Few) -> Table:
    title, columns = "Pertanyaan tanpa jawaban", ["Pertanyaan", "Sebelumnya"]
    found = figures.unanswered
    if found is None:
        return Table(title, columns, [], "Topik minggu ini belum dikumpulkan.")
    topics = [topic for topic in found.topics if not few.hides(topic.size) and not few.hides(topic.conversations)]
    lines = [Line(topic.name, [whole(topic.size), few(topic.before)]) for topic in topics]
    told = sum(topic.size for topic in topics) + (0 if few.hides(found.alone) else found.alone)
    questions = few.beside(found.questions, found.questions - told)
    note = f"{questions} pertanyaan di luar jangkauan bot; {few(found.alone)} tidak mirip yang lain."
    return Table(title, columns, lines, "Tidak ada topik yang berulang.", note)


def _foot(figures: Figures, few: Few) -> list[str]:
    rest = figures.left_out
    counted = "Yang dihitung adalah pesan peserta menurut maksud utamanya, hari WIB, setelah ralat petugas."
    aside = f"Tidak dihitung: {few(rest.total)} sapaan, jawaban, pesan di luar topik atau tidak terbaca."
    made = f"Dibuat {day_said(wib(figures.made_at).date())} {clock_time(figures.made_at)} WIB"
    if figures.counted_at:
        made += f", terhitung sampai {day_said(wib(figures.counted_at).date())} {clock_time(figures.counted_at)} WIB"
    hidden = f" Angka di bawah {FEW[2:]} disamarkan, begitu pula angka kedua yang bisa membukanya; tanpa nama petugas."
    return [f"{counted} {aside}{hidden if few.on else ''}", f"{made}. Meja Bantuan Kartu Prakerja."]
