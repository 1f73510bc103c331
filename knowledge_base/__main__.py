"""Try the knowledge base from a terminal: `python -m knowledge_base "ruangguru masih bisa?" --on 2020-09-05`."""

import argparse
import sys
from datetime import date, datetime
from time import perf_counter
from zoneinfo import ZoneInfo

from knowledge_base.answer import best_answer
from knowledge_base.articles import ArticleError
from knowledge_base.search import default_index


def main(argv: list[str] | None = None) -> int:
    """Print the answer and the closest articles; 1 when nothing may be said, 2 when articles must be mended."""
    arguments = _parser().parse_args(argv)
    try:
        index = default_index()
    except ArticleError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    started = perf_counter()
    hits = index.search(arguments.text, arguments.on)
    took = (perf_counter() - started) * 1000
    answer = best_answer(arguments.intent, arguments.text, arguments.on, index=index)
    lines = [answer.message if answer else "Belum ada jawabannya.", ""]
    lines += [f"{hit.score:6.2f}  {hit.coverage:4.0%}  {hit.article.id}" for hit in hits]
    sys.stdout.write("\n".join([*lines, f"({took:.2f} ms)", ""]))
    return 0 if answer else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m knowledge_base", description="Try the knowledge base.")
    parser.add_argument("text", help="what a participant might write")
    parser.add_argument("--on", type=date.fromisoformat, default=datetime.now(ZoneInfo("Asia/Jakarta")).date())
    parser.add_argument("--intent", help="the intent, as the model would have understood it")
    return parser


if __name__ == "__main__":
    sys.exit(main())
