"""Serving requests about personal data at the desk: who may, what is shown, corrected, erased, audited."""

import io
import json
import zipfile
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from records.audit import broken_links
from records.clock import Clock
from records.database import Database
from records.models import AuditEntry, ChannelIdentity, Conversation, DataRequest, Message, Outbound, Ticket
from tests.desk.conftest import A_SEAL, Browse
from tests.desk.making import Scene

RAW = "nik saya 3171234507900001 kok ditolak"
REASON = "Diminta peserta lewat tiket."


@pytest.fixture
async def sealed(database: Database, scene: Scene) -> UUID:
    """A message of Siti's whose raw words are still kept; she is bound."""
    async with database.write() as session:
        chat = scene.conversations["siti"]
        message = await session.scalar(
            select(Message).where(Message.conversation_id == chat.id, Message.direction == "in").limit(1)
        )
        assert message
        message.sealed_text = A_SEAL.close(RAW)
        await session.execute(
            update(ChannelIdentity).where(ChannelIdentity.id == chat.identity_id).values(participant_id="P-1001")
        )
        await session.execute(
            update(Ticket).where(Ticket.conversation_id == chat.id).values(intent="personal_data_request")
        )
        return message.id


async def acts(database: Database, action: str) -> list[AuditEntry]:
    async with database.read() as session:
        assert await broken_links(session) == []
        return list(
            await session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id))
        )


async def test_raw_words_open_with_a_reason_that_is_written_down(
    browse: Browse, scene: Scene, sealed: UUID, database: Database
) -> None:
    sari = await browse(scene, "sari")
    page = await sari.get(f"/percakapan/{scene.conversations['siti'].id}")
    assert "Lihat teks asli" in page.text
    assert "3171234507900001" not in page.text
    opened = await sari.post(
        f"/data-pribadi/pesan/{sealed}/asli", reason="Peserta minta nomornya dicek 3171234507900001."
    )
    assert RAW in opened.text
    (entry,) = await acts(database, "raw_words_opened")
    assert (entry.actor, entry.object) == ("sari", f"message:{sealed}")
    assert entry.detail["reason"] == "Peserta minta nomornya dicek [NIK]."


@pytest.mark.parametrize("reason", ["", "cek", "          "])
async def test_raw_words_stay_shut_without_a_reason(
    browse: Browse, scene: Scene, sealed: UUID, database: Database, reason: str
) -> None:
    answer = await (await browse(scene, "sari")).post(f"/data-pribadi/pesan/{sealed}/asli", reason=reason)
    assert (answer.status_code, RAW in answer.text) == (422, False)
    assert await acts(database, "raw_words_opened") == []


async def test_raw_words_are_not_for_who_only_reads_figures(browse: Browse, scene: Scene, sealed: UUID) -> None:
    rudi = await (await browse(scene, "rudi")).permitted(scene.conversations["siti"])
    assert "Lihat teks asli" not in (await rudi.get(f"/percakapan/{scene.conversations['siti'].id}")).text
    answer = await rudi.post(f"/data-pribadi/pesan/{sealed}/asli", reason=REASON)
    assert (answer.status_code, RAW in answer.text) == (403, False)


async def test_words_that_are_gone_are_said_to_be_gone(
    browse: Browse, scene: Scene, sealed: UUID, database: Database
) -> None:
    async with database.write() as session:
        await session.execute(update(Message).values(sealed_text=None))
    answer = await (await browse(scene, "sari")).post(f"/data-pribadi/pesan/{sealed}/asli", reason=REASON)
    assert (answer.status_code, "sudah tidak disimpan" in answer.text) == (404, True)


async def test_the_list_says_until_when_each_request_is_due(
    browse: Browse, scene: Scene, sealed: UUID, clock: Clock
) -> None:
    page = await (await browse(scene, "ani")).get("/data-pribadi")
    assert scene.tickets["siti"].number in page.text
    assert "3 × 24 jam" in page.text
    assert "Tenggat" in page.text or "Lewat tenggat" in page.text


async def test_everything_is_shown_with_a_receipt_and_can_be_taken_along(
    browse: Browse, scene: Scene, sealed: UUID, database: Database
) -> None:
    ani = await browse(scene, "ani")
    chat = scene.conversations["siti"].id
    await ani.get(f"/data-pribadi/{chat}")
    page = await ani.post(f"/data-pribadi/{chat}/tunjukkan", reason=REASON)
    assert RAW in page.text
    assert "DP-100001" in page.text
    whole = json.loads((await ani.post(f"/data-pribadi/{chat}/tunjukkan", reason=REASON, form="json")).text)
    assert whole["receipt"] == "DP-100002"
    assert any(row["raw_words"] == RAW for row in whole["held"]["messages"])
    packed = await ani.post(f"/data-pribadi/{chat}/tunjukkan", reason=REASON, form="zip")
    with zipfile.ZipFile(io.BytesIO(packed.content)) as files:
        assert files.namelist() == ["DP-100003.html", "DP-100003.json"]
        assert RAW in files.read("DP-100003.html").decode()
    assert [entry.object for entry in await acts(database, "data_request_done")] == [
        f"request:DP-10000{number}" for number in (1, 2, 3)
    ]


async def test_a_correction_has_a_receipt_without_any_value(
    browse: Browse, scene: Scene, sealed: UUID, database: Database
) -> None:
    ani = await browse(scene, "ani")
    chat = scene.conversations["siti"].id
    await ani.get(f"/data-pribadi/{chat}")
    nothing = await ani.post(f"/data-pribadi/{chat}/betulkan", reason=REASON)
    assert (nothing.status_code, "Isi dulu" in nothing.text) == (422, True)
    done = await ani.post(
        f"/data-pribadi/{chat}/betulkan", reason=REASON, display_name="Siti Baru", platform="tokopedia", unbind="true"
    )
    assert done.headers["location"] == "/data-pribadi/tanda-terima/DP-100001"
    receipt = await ani.get(done.headers["location"])
    assert "nama tampilan diganti" in receipt.text
    assert "Siti Baru" not in receipt.text
    async with database.read() as session:
        identity = await session.get_one(ChannelIdentity, scene.conversations["siti"].identity_id)
        ticket = await session.get_one(Ticket, scene.tickets["siti"].id)
    assert (identity.display_name, identity.participant_id, ticket.platform) == ("Siti Baru", None, "tokopedia")
    (entry,) = await acts(database, "data_request_done")
    assert "Siti" not in str(entry.detail)


async def test_erasing_is_confirmed_by_a_word_and_tells_the_participant_first(
    browse: Browse, scene: Scene, sealed: UUID, database: Database
) -> None:
    ani = await browse(scene, "ani")
    chat = scene.conversations["siti"].id
    await ani.get(f"/data-pribadi/{chat}")
    refused = await ani.post(f"/data-pribadi/{chat}/hapus", reason=REASON, confirm="ya")
    assert (refused.status_code, "Ketik HAPUS" in refused.text) == (422, True)
    for _ in range(2):
        filed = await ani.post(f"/data-pribadi/{chat}/hapus", reason=REASON, confirm="HAPUS")
        assert filed.status_code == 303
    async with database.read() as session:
        request = (await session.scalars(select(DataRequest))).one()
        sent = (await session.scalars(select(Outbound).where(Outbound.message_id == request.notice_id))).one()
        ticket = await session.get_one(Ticket, scene.tickets["siti"].id)
        conversation = await session.get_one(Conversation, chat)
    assert (request.status, request.number) == ("waiting", "DP-100001")
    assert "DP-100001" in sent.payload["text"]
    assert request.due_at == ticket.opened_at + timedelta(hours=72)
    assert conversation.external_id == "telegram-siti"
    assert "Menunggu pesan terakhir" in (await ani.get("/data-pribadi")).text


async def test_a_conversation_that_is_not_there_is_said_so(browse: Browse, scene: Scene) -> None:
    ani = await browse(scene, "ani")
    nobody = "00000000-0000-4000-8000-000000000000"
    assert (await ani.get(f"/data-pribadi/{nobody}")).status_code == 404
    assert (await ani.post(f"/data-pribadi/{nobody}/hapus", reason=REASON, confirm="HAPUS")).status_code == 404
    assert (await ani.get("/data-pribadi/tanda-terima/DP-1")).status_code == 404
