"""How rows are drawn: R's random stream, strata, groups, time, and the manifests that keep them."""
