"""How many questions each page asks of the database: few, and as many with much to show as with little."""

import pytest

from records.database import Database
from tests.desk.conftest import Browse
from tests.desk.counting import counted
from tests.desk.making import Scene
from tests.desk.test_search import said

DOOR = 3
MOST = {
    "/antrean": 20 + DOOR,
    "/antrean/daftar": 12 + DOOR,
    "/percakapan/{siti}": 45 + DOOR,
    "/cari?q=kelapa": 16 + DOOR,
    "/tren": 14 + DOOR,
    "/sumber": 8 + DOOR,
}


@pytest.mark.parametrize("address", MOST)
async def test_a_page_asks_few_questions_and_no_more_of_them_when_there_is_more_to_show(
    browse: Browse, scene: Scene, database: Database, address: str
) -> None:
    sari, counts = await browse(scene, "sari"), []
    place = address.format(siti=scene.conversations["siti"].id)
    for more in (1, 15):
        for _ in range(more):
            await said(database, scene, "siti", "kelapa muda")
            await said(database, scene, "budi", "kelapa tua", direction="out", author="agent")
        await sari.get(place)
        with counted(database) as asked:
            assert (await sari.get(place)).status_code in (200, 204)
        counts.append(len(asked))
    # a search that finds enough at once asks less, never more
    assert counts[1] <= counts[0] <= MOST[address], "\n".join(asked)
