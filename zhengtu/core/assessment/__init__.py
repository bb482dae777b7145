"""考核: scores of units, decomposed to the events behind them; compared like with like; triggers of accountability."""
