"""通报: a period in review as one value, and the sentences that follow from it by rule."""
