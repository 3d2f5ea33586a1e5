"""Parts of the backtest of releases: targets, forecasters, scores, tables, worlds."""
