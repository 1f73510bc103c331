"""The folder of articles: read all, check all, and answer nothing until every problem is mended."""

from pathlib import Path

from knowledge_base.article import Article, ArticleError, Problem, Source
from knowledge_base.reading import read_article
from knowledge_base.validity import lineage_problems

__all__ = ["ARTICLES_FOLDER", "Article", "ArticleError", "Problem", "Source", "load_articles"]

ARTICLES_FOLDER = Path(__file__).parent / "articles"


def load_articles(folder: Path = ARTICLES_FOLDER) -> list[Article]:
    """Read and check every article of a folder, or raise with everything that must be mended."""
    articles: list[Article] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.md")):
        article, found = read_article(path.name, path.read_text(encoding="utf-8"))
        problems += found
        if article is not None:
            articles.append(article)
    if not articles and not problems:
        problems.append(Problem(str(folder), "folder", "holds no article; point to the folder with the .md files"))
    problems += lineage_problems(articles)
    if problems:
        raise ArticleError(problems)
    return articles
