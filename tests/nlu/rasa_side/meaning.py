"""The linear model on a few messages of its own: what it learns, keeps and decides. Runs in Rasa's environment."""

import tempfile
import unittest
from pathlib import Path

from nlu.components.clauses import clauses_of
from nlu.components.decision import Decision
from nlu.components.meaning import Meaning

TAUGHT = {
    "purchase_otp": ["otp bayar tidak masuk", "otp pembelian tidak datang", "kode otp beli tidak masuk"],
    "talk_to_human": ["mana admin", "mau bicara petugas", "sambungkan ke orang"],
    "package_not_found": ["paket kursus tidak ditemukan", "kursus tidak ketemu", "tidak bisa beli paket"],
    "out_of_scope": ["cuaca hari ini cerah", "siapa presiden", "resep nasi goreng"],
    "greet": ["halo kak", "selamat pagi", "siang kak"],
}


def learned():
    """Return a model of the few messages."""
    pairs = [(text, intent) for intent, texts in TAUGHT.items() for text in texts]
    return Meaning.learn([text for text, _ in pairs], [intent for _, intent in pairs])


class TheModel(unittest.TestCase):
    """It reads what it was taught."""

    @classmethod
    def setUpClass(cls):
        cls.meaning = learned()
        cls.decision = Decision(cls.meaning)

    def test_it_reads_a_message_like_one_it_was_taught(self):
        ranking = self.decision.on("otp bayar tidak datang")["ranking"]
        assert ranking[0]["name"] == "purchase_otp"
        assert ranking[0]["confidence"] > ranking[1]["confidence"]

    def test_it_reads_the_same_after_being_kept_and_loaded(self):
        with tempfile.TemporaryDirectory() as folder:
            self.meaning.save(Path(folder))
            loaded = Meaning.load(Path(folder))
        for text in ("otp beli tidak masuk", "mana petugas", "zzz"):
            before, after = self.meaning.margins(text), loaded.margins(text)
            assert abs(before - after).max() < 0.01

    def test_topic_words_alone_are_asked_back(self):
        for text in ("prakerja", "kartu prakerja kak", "otp"):
            assert self.decision.on(text)["intent"]["name"] == "nlu_fallback", text

    def test_signs_alone_are_asked_back(self):
        assert self.decision.on("- ! ?")["intent"]["name"] == "nlu_fallback"

    def test_a_second_problem_in_another_clause_is_found(self):
        decided = self.decision.on("paket kursus tidak ditemukan , otp bayar tidak masuk")
        read = {decided["ranking"][0]["name"], *(second["name"] for second in decided["also"])}
        assert read == {"package_not_found", "purchase_otp"}

    def test_a_greeting_is_never_a_second_problem(self):
        decided = self.decision.on("otp bayar tidak masuk , selamat pagi")
        assert [second["name"] for second in decided["also"]] == []

    def test_an_undivided_message_has_no_clauses(self):
        assert clauses_of("otp bayar tidak masuk") == []


if __name__ == "__main__":
    unittest.main()
