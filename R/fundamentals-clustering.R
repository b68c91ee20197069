#' Cluster held-out rows on raw columns and on the features that a net learnt from other rows
#'
#' For each fold a net (`"mlp"`, as [fit_net()] fits it) learns the classes of the other folds' rows. The fold's own
#' rows are then clustered by k-means, into as many clusters as there are classes among them: by their columns as they
#' come, by the same columns standardised, and by what the net's last hidden layer makes of them. k-means sees no class,
#' and is begun ten times, of which the tightest clusters count.
#'
#' @param formula Formula `outcome ~ terms`, or the columns x with the outcome y as `data`; as in [fit_net()].
#' @param data Rows; the outcome holds classes.
#' @param units Of the hidden layers; the last gives the features.
#' @param epochs Passes over the training rows, all of which are trained on.
#' @param unseen_classes Classes whose rows no net learns from; then only their rows are clustered.
#' @param folds Each has a net, rows and starts of k-means of its own.
#' @param seed Of the folds, the nets and k-means; `NULL` draws one from R's random numbers, and keeps it.
#' @return A list with `table` (tibble: fold, columns as `"raw"`, `"standardised"` or `"learnt"`, n_rows, `ari`, the
#'   adjusted Rand index of clusters and classes, 1 the same and 0 chance, and `silhouette` of the classes, how far
#'   apart they lie in these columns, from -1 to 1), `points` (tibble: columns, class, cluster, pc1, pc2: the rows of
#'   the first fold on their first two principal components), `classes`, `unseen_classes`, `accuracy` (of the nets for
#'   the rows that were clustered; `NA` for unseen classes) and `seed`. [plot()][plot.bineural_mechanism] draws raw
#'   columns beside learnt features.
#' @section Conditions:
#' `bineural_InputError` if the outcome does not hold classes of two rows for each fold, fewer than two classes are left
#' to learn or to cluster, or values are missing.
#' @export
#' @examplesIf bineural_available()
#' iris <- load_dataset("iris")
#' cluster_features(species ~ ., iris, units = 8, epochs = 5, folds = 2, seed = 1)
cluster_features <- function(
  formula, data, units = c(64, 32), epochs = 20, unseen_classes = NULL, folds = 5, seed = NULL
) {
  problem <- as_py_problem(formula, data, rlang::current_env())
  object <- call_core(
    "cluster_features", problem$formula, problem$data, as_py_counts(units), as_py_count(epochs),
    as_py_levels(unseen_classes), as_py_count(folds), as_py_seed(seed)
  )
  new_mechanism(object, "feature_clusters")
}

#' @exportS3Method ggplot2::autoplot
autoplot.bineural_feature_clusters <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  first <- object$table[object$table$fold == 1 & object$table$columns != "standardised", ]
  titles <- sprintf("%s: adjusted Rand index %.2f", c("Raw columns", "Learnt features"), first$ari)
  points <- object$points
  points$where <- factor(titles[match(points$columns, first$columns)], levels = titles)
  points$class <- factor(points$class, levels = object$classes)
  middles <- stats::aggregate(cbind(pc1, pc2) ~ where + cluster, points, mean)
  i <- seq_along(object$classes) - 1
  ggplot2::ggplot(points, ggplot2::aes(.data$pc1, .data$pc2)) +
    ggplot2::geom_point(ggplot2::aes(colour = .data$class, shape = .data$class), size = 1.6) +
    ggplot2::geom_point(data = middles, shape = 4, size = 4, stroke = 1) +
    ggplot2::facet_wrap(~where, scales = "free") +
    ggplot2::scale_colour_manual(values = plot_colours[(i + i %/% 6 * 3) %% 6 + 1]) +
    ggplot2::scale_shape_manual(values = c(16, 17, 15, 5, 6, 3)[i %/% 2 %% 6 + 1]) +
    ggplot2::labs(
      x = "First principal component", y = "Second", colour = NULL, shape = NULL, caption = "crosses: means of clusters"
    ) +
    plain_theme()
}
