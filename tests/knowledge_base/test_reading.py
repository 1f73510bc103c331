"""An article that is not sound is refused with its file, the field and what to do."""

from pathlib import Path

import pytest

from knowledge_base.articles import ArticleError, load_articles
from tests.knowledge_base.conftest import WriteArticle

BROKEN = {
    "no front matter": (("---\nid: tea", "id: tea"), "front matter: begin the file"),
    "YAML that cannot be read": (("title: Waktu", "title: [Waktu"), "front matter: mend the YAML at line"),
    "no title": (("title: Waktu minum teh\n", ""), "title: missing"),
    "a field nobody knows": (("owner:", "colour: red\nowner:"), "colour: unknown field"),
    "a day that is none": (("valid_from: 2020-05-01", "valid_from: Mei"), "valid_from: missing or no date"),
    "an end before the start": (("valid_to: none", "valid_to: 2020-04-01"), "valid_to: ends before valid_from"),
    "said before it was known": (
        ("valid_from: 2020-05-01", "valid_from: 2020-04-30"),
        "as_of: is later",
    ),
    "quoting the future": (("Warung, date: 2020-05-01", "Warung, date: 2020-06-01"), "sources: the first source"),
    "no source": (("[{name: warung.txt, outlet: Warung, date: 2020-05-01}]", "[]"), "sources: name at least one"),
    "half a source": (("outlet: Warung, ", ""), "sources: every source needs"),
    "an unknown intent": (("[ask_programme]", "[ask_tea]"), "intents: ask_tea is no question"),
    "keywords that are numbers": (("[teh, minum]", "[600, 700]"), "keywords: write a list"),
    "no answer": (("## answer", "## jawaban"), "answer: missing"),
    "an answer without its date": (("Per 1 Mei 2020 teh", "Teh"), "answer: must carry its date"),
    "an answer too long": (("sore hari.", "sore hari. " * 60), "answer: has "),
    "too many paragraphs": (("sore hari.", "sore.\n\na.\n\nb.\n\nc."), "answer: has more than 2 paragraphs"),
    "a file of another name": (("id: tea", "id: coffee"), "id: use small letters"),
    "a review before it was written": (("review_by: 2020-12-31", "review_by: 2020-05-01"), "review_by: must be later"),
    "an end and nothing after": (("valid_to: none", "valid_to: 2020-06-30"), "valid_to: nothing follows"),
}


@pytest.mark.parametrize(("replacement", "complaint"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_article_is_refused_with_the_way_out(
    write_article: WriteArticle, replacement: tuple[str, str], complaint: str
) -> None:
    folder = write_article(replacement)
    with pytest.raises(ArticleError) as refused:
        load_articles(folder)
    assert any(complaint in str(problem) for problem in refused.value.problems), str(refused.value)


def test_a_sound_article_is_read(write_article: WriteArticle) -> None:
    (article,) = load_articles(write_article())
    assert (article.id, article.valid_to, article.sources[0].line) == ("tea", None, "Warung, 1 Mei 2020")


def test_every_problem_is_told_at_once(write_article: WriteArticle) -> None:
    write_article(("[ask_programme]", "[ask_tea]"), ("Per 1 Mei 2020 teh", "Teh"))
    folder = write_article(("id: tea", "id: cup"), ("title: Waktu minum teh\n", ""), name="cup")
    with pytest.raises(ArticleError) as refused:
        load_articles(folder)
    assert {problem.file for problem in refused.value.problems} == {"cup.md", "tea.md"}
    assert len(refused.value.problems) >= 3


def test_two_versions_on_one_day_are_refused(write_article: WriteArticle) -> None:
    write_article()
    folder = write_article(("id: tea", "id: tea-2"), ("valid_from: 2020-05-01", "valid_from: 2020-06-01"), name="tea-2")
    with pytest.raises(ArticleError, match=r"tea\.md: valid_to: overlaps tea-2, same key tea; end it on 2020-05-31"):
        load_articles(folder)


def test_a_silent_hole_between_versions_is_refused_and_a_declared_one_is_not(write_article: WriteArticle) -> None:
    folder = write_article(("id: tea", "id: tea-2"), ("valid_from: 2020-05-01", "valid_from: 2020-06-01"), name="tea-2")
    write_article(("valid_to: none", "valid_to: 2020-05-20"))
    with pytest.raises(ArticleError, match="leaves a gap before tea-2"):
        load_articles(folder)
    write_article(("valid_to: none", "valid_to: 2020-05-20\ngap_after: tidak ada sumber"))
    assert len(load_articles(folder)) == 2


def test_an_empty_folder_is_no_knowledge_base(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="holds no article"):
        load_articles(tmp_path)
