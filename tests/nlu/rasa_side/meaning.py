"""The model on a few messages of its own: what it learns, keeps, decides and tells. Runs in Rasa's environment."""

import tempfile
import unittest
from pathlib import Path

import numpy as np

from nlu.components.clauses import clauses_of
from nlu.components.decision import Decision
from nlu.components.explanation import spoken
from nlu.components.meaning import Meaning
from nlu.components.prior import STRONGEST, Prior
from nlu.components.thresholds import Thresholds, cheapest, judged

TAUGHT = {
    "purchase_otp": ["otp bayar tidak masuk", "otp pembelian tidak datang", "kode otp bayar tidak masuk"],
    "login_otp": ["otp login tidak masuk", "otp akun tidak datang", "kode otp login tidak masuk"],
    "talk_to_human": ["mana admin", "mau bicara petugas", "sambungkan ke orang"],
    "package_not_found": ["paket kursus tidak ditemukan", "kursus tidak ketemu", "tidak bisa beli paket"],
    "out_of_scope": ["cuaca hari ini cerah", "siapa presiden", "resep nasi goreng"],
    "greet": ["halo kak", "selamat pagi", "siang kak"],
}
BOTH = "paket kursus tidak ditemukan , otp bayar tidak masuk"


def learned():
    """Return a model of the few messages, each said by ten people."""
    pairs = [(text, [intent]) for intent, texts in TAUGHT.items() for text in texts] * 10
    return Meaning.learn([text for text, _ in pairs], [intents for _, intents in pairs])


class TheModel(unittest.TestCase):
    """It reads what it was taught."""

    @classmethod
    def setUpClass(cls):
        cls.meaning = learned()
        cls.decision = Decision(cls.meaning, Thresholds(answer=0.5, refuse=0.6))

    def test_it_reads_a_message_like_one_it_was_taught(self):
        decided = self.decision.on("otp bayar tidak datang")
        assert decided["intent"]["name"] == decided["ranking"][0]["name"] == "purchase_otp"
        assert decided["ranking"][0]["confidence"] > decided["ranking"][1]["confidence"]

    def test_likelihoods_sum_to_one(self):
        assert abs(self.meaning.likelihoods(self.meaning.hear("otp").margins).sum() - 1) < 1e-5

    def test_it_reads_the_same_after_being_kept_and_loaded(self):
        with tempfile.TemporaryDirectory() as folder:
            self.decision.save(Path(folder))
            loaded = Decision.load(Path(folder))
        assert loaded.thresholds == self.decision.thresholds
        for text in ("otp beli tidak masuk", "mana petugas", "zzz"):
            before, after = self.meaning.hear(text).margins, loaded.meaning.hear(text).margins
            assert abs(before - after).max() < 0.05

    def test_what_it_is_not_sure_of_is_asked_back(self):
        cautious = Decision(self.meaning, Thresholds(answer=1.01, refuse=1.01))
        for text in ("otp bayar tidak masuk", "resep nasi goreng"):
            assert cautious.on(text)["intent"]["name"] == "nlu_fallback", text

    def test_topic_words_alone_are_asked_back(self):
        for text in ("prakerja", "kartu prakerja kak", "otp"):
            assert self.decision.on(text)["intent"]["name"] == "nlu_fallback", text

    def test_signs_alone_are_asked_back(self):
        assert self.decision.on("- ! ?")["intent"]["name"] == "nlu_fallback"

    def test_a_second_problem_in_another_clause_is_found(self):
        decided = self.decision.on(BOTH)
        read = {decided["ranking"][0]["name"], *(second["name"] for second in decided["also"])}
        assert read == {"package_not_found", "purchase_otp"}

    def test_a_greeting_gives_way_to_the_problem_it_leads_up_to(self):
        assert self.decision.on("selamat pagi kak otp bayar tidak masuk")["ranking"][0]["name"] == "purchase_otp"
        assert self.decision.on("selamat pagi kak")["ranking"][0]["name"] == "greet"

    def test_a_greeting_is_never_a_second_problem(self):
        decided = self.decision.on("otp bayar tidak masuk , selamat pagi")
        assert "greet" not in [second["name"] for second in decided["also"]]

    def test_off_topic_talk_is_no_surer_because_a_person_is_asked_for(self):
        text = "resep nasi goreng enak cerah , mana admin"
        decided = Decision(self.meaning, Thresholds(answer=0.5, refuse=1.0)).on(text)
        assert decided["ranking"][0]["name"] == "out_of_scope"
        assert "talk_to_human" in [second["name"] for second in decided["also"]]
        assert decided["intent"]["name"] == "nlu_fallback"

    def test_an_undivided_message_has_no_clauses(self):
        assert clauses_of("otp bayar tidak masuk") == []

    def test_calibration_makes_an_overconfident_model_doubt(self):
        wrong = [text for texts in TAUGHT.values() for text in texts]
        labels = [["greet"]] * len(wrong)
        assert self.meaning.calibrated(wrong, labels).temperature > self.meaning.temperature


class TheRecords(unittest.TestCase):
    """What is known of a person tips an open question, is told, and never overrules plain words."""

    setUpClass = classmethod(TheModel.setUpClass.__func__)

    def test_they_tip_what_the_words_leave_open(self):
        paid = (Prior("purchase_otp", 1.5, "a purchase is waiting for its OTP"),)
        login = (Prior("login_otp", 1.5, "no purchase, three failed logins"),)
        assert self.decision.on("kode otp tidak masuk", paid)["ranking"][0]["name"] == "purchase_otp"
        assert self.decision.on("kode otp tidak masuk", login)["ranking"][0]["name"] == "login_otp"

    def test_they_do_not_overrule_plain_words(self):
        strong = Prior.read({"prior": [{"intent": "login_otp", "weight": 99, "reason": "?"}]})
        assert strong[0].weight == STRONGEST
        assert self.decision.on("paket kursus tidak ditemukan", strong)["ranking"][0]["name"] == "package_not_found"

    def test_what_they_changed_is_told(self):
        (told,) = self.decision.on("kode otp tidak masuk", (Prior("login_otp", 1.0, "failed logins"),))["prior"]
        assert told["after"] > told["before"]
        assert (told["intent"], told["reason"]) == ("login_otp", "failed logins")

    def test_what_is_no_prior_is_left_out(self):
        odd = [None, {"intent": 3, "weight": 1}, {"intent": "greet"}, {"intent": "greet", "weight": float("nan")}]
        assert Prior.read({"prior": odd}) == Prior.read({"prior": "greet"}) == Prior.read(None) == ()


class TheExplanation(unittest.TestCase):
    """It names the words without which the meaning would fall."""

    setUpClass = classmethod(TheModel.setUpClass.__func__)

    def test_the_word_that_tells_two_meanings_apart_speaks_for_each(self):
        text = "otp bayar tidak masuk"
        told = spoken(self.meaning, text, self.decision.on(text)["ranking"])
        assert told[0]["name"] == "purchase_otp"
        assert "bayar" in [one["word"] for one in told[0]["words"] if one["says"] > 0]


class TheThresholds(unittest.TestCase):
    """They are those that cost least."""

    def test_a_model_that_errs_when_unsure_asks_when_unsure(self):
        likely = np.array([[0.9, 0.05, 0.05]] * 8 + [[0.1, 0.45, 0.45 - 1e-6]] * 4)
        intents = ["login_otp", "purchase_otp", "wrong_charge"]
        right = [{"login_otp"}] * 8 + [{"wrong_charge"}] * 4
        chosen = cheapest(judged(likely, intents, right, [False] * 12))
        assert 0.45 < chosen.answer <= 0.9

    def test_a_model_that_is_always_right_asks_nothing(self):
        likely = np.array([[0.6, 0.4]] * 5)
        seen = judged(likely, ["login_otp", "greet"], [{"login_otp"}] * 5, [False] * 5)
        assert seen.cost(cheapest(seen)) == 0


if __name__ == "__main__":
    unittest.main()
