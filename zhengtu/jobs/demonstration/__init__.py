"""The demonstration campaign: the mobilisation speech as data, filled with invented people and parcels."""
