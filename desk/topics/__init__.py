"""Questions without an answer, gathered by likeness into candidate topics, for whoever decides what is written next.

Coarser than the piles of `desk.learning`, which stand for nearly the same words: here one subject in many words is one
topic. Both read words alike (`knowledge_base.words`), and a topic becomes an article by the way of `desk.learning`.
"""
