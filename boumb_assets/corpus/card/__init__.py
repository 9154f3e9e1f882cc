"""The card of the training data: what it is made of, in charts, and rows to look at."""

from boumb_assets.corpus.card.page import DataCard, RowAt, data_card

__all__ = ["DataCard", "RowAt", "data_card"]
