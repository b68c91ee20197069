# Made by tools/build_options.py from python/bineural/nets/options.py: change that and `make docs`.

# How each option goes to Python.
option_converters <- function() {
  list(
    architecture = as_py_option,
    objective = as_py_text,
    target = as_py_text,
    units = as_py_counts,
    activation = as_py_text,
    dropout = as_py_number,
    l1 = as_py_number,
    l2 = as_py_number,
    batch_normalization = as_py_flag,
    categories = as_py_text,
    numbers = as_py_text,
    augmentation = as_py_option,
    pretrain = as_py_option,
    max_length = as_py_count,
    cut = as_py_text,
    scaling = as_py_text_or_flag,
    optimizer = as_py_option,
    learning_rate = as_py_number,
    batch_size = as_py_count,
    epochs = as_py_count,
    validation = as_py_number,
    monitor = as_py_option,
    patience = as_py_count,
    min_delta = as_py_number,
    ensemble = as_py_count,
    class_weight = as_py_option,
    keep_weights = as_py_flag,
    callbacks = as_it_is,
    checkpoint = as_py_path,
    device = as_py_text,
    precision = as_py_text,
    missing = as_py_text,
    n_words = as_py_count,
    lowercase = as_py_flag,
    unseen = as_py_text,
    seed = as_py_count,
    verbose = as_py_verbose
  )
}

#' @rdname fit_net
#' @param architecture A name of [list_architectures()], a Keras model, or a builder `function(input_shape,
#'   n_outputs)` (`input_shape` is a list) that returns one. `NULL` is `"skip"` for tables (a ridge GLM, a curve for
#'   each column, a hidden part), `"cnn"` for images (a small convolutional net), `"gru"` for sequences and `"bag"`
#'   for texts (the mean of what their words are embedded in). A model is a layout: its weights start afresh from the
#'   seed. It ends in logits, a sigmoid or a softmax. One that is compiled is trained on its own loss by its own
#'   optimizer, see below.
#' @param objective What is learnt, by name: how the outcome becomes targets, the loss, and what the output means.
#'   `NULL` is what the outcome asks for: `"binary"`, `"classes"` or `"numbers"` (squared error). `"poisson"` is the
#'   mean of counts, `"gamma"` that of positive numbers, both by their logarithm; `"huber"` is a centre that outliers
#'   hardly move, `"quantile"` several quantiles that never cross, `"ordinal"` ordered classes, `"multilabel"` several
#'   labels of 0 and 1, `cbind(a, b) ~ x`.
#' @param target In which form an outcome of numbers is learnt: `"plain"`, as it is; `"clipped"`, predictions held
#'   between the lowest and the highest value trained on; `"log"`, its logarithm; `"quantile"`, normal quantiles of
#'   its ranks. Predictions are changed back, and are then no means: exp of a mean logarithm is a median where
#'   logarithms are spread evenly, below the mean. An offset is added in that form, before it is changed back.
#' @param units Width of each hidden layer (architectures that read it, as the next five). `NULL` is (64, 32) for
#'   those of the zoo on tables.
#' @param activation Of the hidden layers.
#' @param dropout Share of hidden units left out at random in each training step.
#' @param l1 Penalty on `sum(abs(weight))`, on the scale of the mean loss.
#' @param l2 Penalty on `sum(weight^2)`, on the scale of the mean loss. `NULL` is p / (2 n), with n rows trained on:
#'   normal weights of precision p a priori, whatever the number of rows. p is 1; for nets of the zoo on tables whose
#'   members watch all rows between them (as by default on up to 5,000 rows trained on) it is chosen among 0.1, 1 and
#'   10 by the rows watched.
#' @param batch_normalization Normalise hidden layers over the batch; they then have no bias.
#' @param categories `"onehot"`, one column for each level, or `"embed"`, a learnt embedding of each level (a level
#'   not seen in training is the average level).
#' @param numbers What hidden layers read of each column: `"plain"`, the number; `"piecewise"`, beside it how much of
#'   each of up to 16 pieces between quantiles of the training rows lies below (the skip net then also has a curve for
#'   each column); `"periodic"`, beside it cosines of learnt frequencies. `NULL` is piecewise for the skip net and the
#'   batch ensemble, plain for others, without hidden layers and where rows come in batches.
#' @param augmentation A named list of changes of images in training, drawn anew in each step by the seed, such as
#'   `list(shift = 2, flip = "horizontal")`; images that are watched or predicted stay as they are. `shift`, `crop`:
#'   pixels at most; `flip`: `"horizontal"`, `"vertical"` or `"both"`; `rotate`: degrees; `zoom`: a share of the size;
#'   `noise`: in SDs of the channel; `cutout`: side of a square set to the mean; `mixup`: a of Beta(a, a), by whose
#'   shares two rows and their losses are mixed.
#' @param pretrain How hidden layers of sigmoid units start: `"rbm"`, from Boltzmann machines that are trained layer
#'   by layer on the training rows, without the outcome (a deep belief net), 30 epochs each. Or a list of `epochs`,
#'   `learning_rate` and `steps`, the k of CD-k, such as `list(epochs = 100)`. Or a list of machines of [fit_rbm()],
#'   each fitted to the hidden units of the one below, that of the first layer first, for as many layers as there are
#'   machines; columns must be as these had them, from 0 to 1 (`scaling = FALSE`). They are the same in all folds, so
#'   fit them to other rows than are tested. `NULL`: at random.
#' @param max_length The most steps of a sequence, or words of a text, that are read; `NULL` reads all steps, and as
#'   many words as 95 % of the training texts have at most.
#' @param cut Which end of rows longer than `max_length` is cut off: `"start"` keeps their last steps.
#' @param scaling How columns of numbers are scaled, by the training rows. `"standard"`: by mean and SD, and each
#'   channel (the last axis) of arrays of more dimensions too; `"robust"`: by median and quartiles, outliers bent to
#'   less than 3; `"quantile"`: to normal quantiles; `FALSE`: not at all. `"auto"` is `"standard"` (and names columns
#'   that are very skewed by a warning of class `bineural_SkewedWarning`) unless a Keras model wants numbers as they
#'   are, and then says so by a warning of class `bineural_UnscaledWarning`: it has an adapted `Normalization`,
#'   another layer that is adapted or frozen, or begins with one that rescales, normalises or embeds, or
#'   `keep_weights` is `TRUE`.
#' @param optimizer Name as in Keras, or an optimizer whose settings are copied. `NULL` is that of a compiled Keras
#'   model, else Adam.
#' @param learning_rate `NULL`: that of the architecture (0.01 for those of the zoo on tables) with an optimizer by
#'   name, else the optimizer's own.
#' @param batch_size Rows in a step; the last batch of an epoch may be smaller. `NULL` is 32, and for the zoo's nets
#'   on tables 64 from 1,000 rows trained on, 128 from 2,000 and 256 from 10,000.
#' @param epochs Most passes over the training rows.
#' @param validation Share of the rows of each class, drawn by the seed, that is watched and not trained on; the
#'   weights of the epoch with the lowest loss there are kept. Members of an ensemble watch other rows each, evenly
#'   over all of them (of rows in batches the same). 0 or `NULL` trains on all rows for all epochs.
#' @param monitor What is watched on the validation rows: `"loss"` (the loss trained on), `"auroc"` (two classes;
#'   higher is better), or the name of another loss in Keras.
#' @param patience Epochs without a new best value of `monitor` after which training stops; `NULL` never stops early.
#' @param min_delta By how much a value must be better to count as new best, in the unit of `monitor`.
#' @param ensemble Number of nets of seeds of their own, trained at once on the same rows; the mean of their
#'   predictions predicts. `NULL` is five for the skip net on up to 20,000 training rows (without callbacks or
#'   checkpoint), else one.
#' @param class_weight `"balanced"`, or a number for each class by name, e.g. `c(absent = 1, present = 3)`: factor on
#'   the weights of each class's rows, in training and in the validation loss.
#' @param keep_weights Start from the weights that a Keras model given as `architecture` has.
#' @param callbacks A Keras callback or a list of them. Training then goes through Keras' own loop, net by net:
#'   slower, same seeds and batches. So does a Keras model whose class has a `train_step` of its own.
#' @param checkpoint File that is written about every 10 seconds while training, at an interrupt and at the end. The
#'   same call goes on from it, also after a crash, and ends with the same weights to the bit; `epochs` may be more
#'   than before (of an ensemble not). Without a `seed` it takes the one in the file. The file of another training is
#'   an error, as is a place where it can't be written; where that comes later, training goes on with a warning of
#'   class `bineural_CheckpointWarning`. A long training of one net then goes without XLA: it takes longer, and its
#'   weights differ by rounding from those of the same call without `checkpoint`.
#' @param device `"gpu"`, `"gpu:1"`, `"cpu"`; `NULL` is the CPU, whose results repeat to the bit. `"workers"`: one net
#'   on the CPUs of the processes that the environment variable TF_CONFIG names, under TensorFlow's
#'   MultiWorkerMirroredStrategy. Each of them runs the same program with the same rows and takes its part of every
#'   batch; the net is that of one process, to rounding, but for dropout. One that ends is an error in the others,
#'   within a minute; started again, all go on from `checkpoint`, which the first one writes.
#' @param precision `"float32"`, or `"mixed"`: computed in bfloat16, weights and losses kept in float32.
#' @param missing What to do with rows that have missing values: `"error"`, `"drop"` or `"impute"` (median or most
#'   frequent level, and an indicator; an offset is never imputed).
#' @param n_words Most words of the vocabulary of texts: those that are in the most training texts, and in two or
#'   more. All others are one unknown word.
#' @param lowercase Whether capitals count as small letters in texts.
#' @param unseen Levels at prediction that training never saw: `"warn"` (an average level and one warning) or
#'   `"error"`.
#' @param seed Whole number. Decides validation rows, initial weights, batch order and dropout, the same in R and
#'   Python. `NULL` draws one from R's random numbers, kept in the model's `seed`.
#' @param verbose `NULL`: a bar in an interactive session, else nothing. 0: nothing. 1: a bar, or one line.
#' @export
fit_net <- function(formula,
                    data,
                    event = NULL,
                    classes = NULL,
                    weights = NULL,
                    offset = NULL,
                    architecture = NULL,
                    objective = NULL,
                    target = "plain",
                    units = NULL,
                    activation = "relu",
                    dropout = 0,
                    l1 = 0,
                    l2 = NULL,
                    batch_normalization = FALSE,
                    categories = "onehot",
                    numbers = NULL,
                    augmentation = NULL,
                    pretrain = NULL,
                    max_length = NULL,
                    cut = "end",
                    scaling = "auto",
                    optimizer = NULL,
                    learning_rate = NULL,
                    batch_size = NULL,
                    epochs = 300,
                    validation = 0.2,
                    monitor = "loss",
                    patience = 30,
                    min_delta = 0,
                    ensemble = NULL,
                    class_weight = NULL,
                    keep_weights = FALSE,
                    callbacks = NULL,
                    checkpoint = NULL,
                    device = NULL,
                    precision = "float32",
                    missing = "error",
                    n_words = 10000,
                    lowercase = TRUE,
                    unseen = "warn",
                    seed = NULL,
                    verbose = NULL,
                    ...) {
  fit_net_with(formula, data, rlang::current_env(), ...)
}

#' @rdname make_net
#' @param architecture A name of [list_architectures()], a Keras model, or a builder `function(input_shape,
#'   n_outputs)` (`input_shape` is a list) that returns one. `NULL` is `"skip"` for tables (a ridge GLM, a curve for
#'   each column, a hidden part), `"cnn"` for images (a small convolutional net), `"gru"` for sequences and `"bag"`
#'   for texts (the mean of what their words are embedded in). A model is a layout: its weights start afresh from the
#'   seed. It ends in logits, a sigmoid or a softmax. One that is compiled is trained on its own loss by its own
#'   optimizer, see below.
#' @param objective What is learnt, by name: how the outcome becomes targets, the loss, and what the output means.
#'   `NULL` is what the outcome asks for: `"binary"`, `"classes"` or `"numbers"` (squared error). `"poisson"` is the
#'   mean of counts, `"gamma"` that of positive numbers, both by their logarithm; `"huber"` is a centre that outliers
#'   hardly move, `"quantile"` several quantiles that never cross, `"ordinal"` ordered classes, `"multilabel"` several
#'   labels of 0 and 1, `cbind(a, b) ~ x`.
#' @param target In which form an outcome of numbers is learnt: `"plain"`, as it is; `"clipped"`, predictions held
#'   between the lowest and the highest value trained on; `"log"`, its logarithm; `"quantile"`, normal quantiles of
#'   its ranks. Predictions are changed back, and are then no means: exp of a mean logarithm is a median where
#'   logarithms are spread evenly, below the mean. An offset is added in that form, before it is changed back.
#' @param units Width of each hidden layer (architectures that read it, as the next five). `NULL` is (64, 32) for
#'   those of the zoo on tables.
#' @param activation Of the hidden layers.
#' @param dropout Share of hidden units left out at random in each training step.
#' @param l1 Penalty on `sum(abs(weight))`, on the scale of the mean loss.
#' @param l2 Penalty on `sum(weight^2)`, on the scale of the mean loss. `NULL` is p / (2 n), with n rows trained on:
#'   normal weights of precision p a priori, whatever the number of rows. p is 1; for nets of the zoo on tables whose
#'   members watch all rows between them (as by default on up to 5,000 rows trained on) it is chosen among 0.1, 1 and
#'   10 by the rows watched.
#' @param batch_normalization Normalise hidden layers over the batch; they then have no bias.
#' @param categories `"onehot"`, one column for each level, or `"embed"`, a learnt embedding of each level (a level
#'   not seen in training is the average level).
#' @param numbers What hidden layers read of each column: `"plain"`, the number; `"piecewise"`, beside it how much of
#'   each of up to 16 pieces between quantiles of the training rows lies below (the skip net then also has a curve for
#'   each column); `"periodic"`, beside it cosines of learnt frequencies. `NULL` is piecewise for the skip net and the
#'   batch ensemble, plain for others, without hidden layers and where rows come in batches.
#' @param augmentation A named list of changes of images in training, drawn anew in each step by the seed, such as
#'   `list(shift = 2, flip = "horizontal")`; images that are watched or predicted stay as they are. `shift`, `crop`:
#'   pixels at most; `flip`: `"horizontal"`, `"vertical"` or `"both"`; `rotate`: degrees; `zoom`: a share of the size;
#'   `noise`: in SDs of the channel; `cutout`: side of a square set to the mean; `mixup`: a of Beta(a, a), by whose
#'   shares two rows and their losses are mixed.
#' @param pretrain How hidden layers of sigmoid units start: `"rbm"`, from Boltzmann machines that are trained layer
#'   by layer on the training rows, without the outcome (a deep belief net), 30 epochs each. Or a list of `epochs`,
#'   `learning_rate` and `steps`, the k of CD-k, such as `list(epochs = 100)`. Or a list of machines of [fit_rbm()],
#'   each fitted to the hidden units of the one below, that of the first layer first, for as many layers as there are
#'   machines; columns must be as these had them, from 0 to 1 (`scaling = FALSE`). They are the same in all folds, so
#'   fit them to other rows than are tested. `NULL`: at random.
#' @param max_length The most steps of a sequence, or words of a text, that are read; `NULL` reads all steps, and as
#'   many words as 95 % of the training texts have at most.
#' @param cut Which end of rows longer than `max_length` is cut off: `"start"` keeps their last steps.
#' @param scaling How columns of numbers are scaled, by the training rows. `"standard"`: by mean and SD, and each
#'   channel (the last axis) of arrays of more dimensions too; `"robust"`: by median and quartiles, outliers bent to
#'   less than 3; `"quantile"`: to normal quantiles; `FALSE`: not at all. `"auto"` is `"standard"` (and names columns
#'   that are very skewed by a warning of class `bineural_SkewedWarning`) unless a Keras model wants numbers as they
#'   are, and then says so by a warning of class `bineural_UnscaledWarning`: it has an adapted `Normalization`,
#'   another layer that is adapted or frozen, or begins with one that rescales, normalises or embeds, or
#'   `keep_weights` is `TRUE`.
#' @param optimizer Name as in Keras, or an optimizer whose settings are copied. `NULL` is that of a compiled Keras
#'   model, else Adam.
#' @param learning_rate `NULL`: that of the architecture (0.01 for those of the zoo on tables) with an optimizer by
#'   name, else the optimizer's own.
#' @param batch_size Rows in a step; the last batch of an epoch may be smaller. `NULL` is 32, and for the zoo's nets
#'   on tables 64 from 1,000 rows trained on, 128 from 2,000 and 256 from 10,000.
#' @param epochs Most passes over the training rows.
#' @param validation Share of the rows of each class, drawn by the seed, that is watched and not trained on; the
#'   weights of the epoch with the lowest loss there are kept. Members of an ensemble watch other rows each, evenly
#'   over all of them (of rows in batches the same). 0 or `NULL` trains on all rows for all epochs.
#' @param monitor What is watched on the validation rows: `"loss"` (the loss trained on), `"auroc"` (two classes;
#'   higher is better), or the name of another loss in Keras.
#' @param patience Epochs without a new best value of `monitor` after which training stops; `NULL` never stops early.
#' @param min_delta By how much a value must be better to count as new best, in the unit of `monitor`.
#' @param ensemble Number of nets of seeds of their own, trained at once on the same rows; the mean of their
#'   predictions predicts. `NULL` is five for the skip net on up to 20,000 training rows (without callbacks or
#'   checkpoint), else one.
#' @param class_weight `"balanced"`, or a number for each class by name, e.g. `c(absent = 1, present = 3)`: factor on
#'   the weights of each class's rows, in training and in the validation loss.
#' @param keep_weights Start from the weights that a Keras model given as `architecture` has.
#' @param callbacks A Keras callback or a list of them. Training then goes through Keras' own loop, net by net:
#'   slower, same seeds and batches. So does a Keras model whose class has a `train_step` of its own.
#' @param checkpoint File that is written about every 10 seconds while training, at an interrupt and at the end. The
#'   same call goes on from it, also after a crash, and ends with the same weights to the bit; `epochs` may be more
#'   than before (of an ensemble not). Without a `seed` it takes the one in the file. The file of another training is
#'   an error, as is a place where it can't be written; where that comes later, training goes on with a warning of
#'   class `bineural_CheckpointWarning`. A long training of one net then goes without XLA: it takes longer, and its
#'   weights differ by rounding from those of the same call without `checkpoint`.
#' @param device `"gpu"`, `"gpu:1"`, `"cpu"`; `NULL` is the CPU, whose results repeat to the bit. `"workers"`: one net
#'   on the CPUs of the processes that the environment variable TF_CONFIG names, under TensorFlow's
#'   MultiWorkerMirroredStrategy. Each of them runs the same program with the same rows and takes its part of every
#'   batch; the net is that of one process, to rounding, but for dropout. One that ends is an error in the others,
#'   within a minute; started again, all go on from `checkpoint`, which the first one writes.
#' @param precision `"float32"`, or `"mixed"`: computed in bfloat16, weights and losses kept in float32.
#' @param missing What to do with rows that have missing values: `"error"`, `"drop"` or `"impute"` (median or most
#'   frequent level, and an indicator; an offset is never imputed).
#' @param n_words Most words of the vocabulary of texts: those that are in the most training texts, and in two or
#'   more. All others are one unknown word.
#' @param lowercase Whether capitals count as small letters in texts.
#' @param unseen Levels at prediction that training never saw: `"warn"` (an average level and one warning) or
#'   `"error"`.
#' @param seed Whole number. Decides validation rows, initial weights, batch order and dropout, the same in R and
#'   Python. `NULL` draws one from R's random numbers, kept in the model's `seed`.
#' @param verbose `NULL`: a bar in an interactive session, else nothing. 0: nothing. 1: a bar, or one line.
#' @export
make_net <- function(formula = NULL,
                     event = NULL,
                     classes = NULL,
                     architecture = NULL,
                     objective = NULL,
                     target = "plain",
                     units = NULL,
                     activation = "relu",
                     dropout = 0,
                     l1 = 0,
                     l2 = NULL,
                     batch_normalization = FALSE,
                     categories = "onehot",
                     numbers = NULL,
                     augmentation = NULL,
                     pretrain = NULL,
                     max_length = NULL,
                     cut = "end",
                     scaling = "auto",
                     optimizer = NULL,
                     learning_rate = NULL,
                     batch_size = NULL,
                     epochs = 300,
                     validation = 0.2,
                     monitor = "loss",
                     patience = 30,
                     min_delta = 0,
                     ensemble = NULL,
                     class_weight = NULL,
                     keep_weights = FALSE,
                     callbacks = NULL,
                     checkpoint = NULL,
                     device = NULL,
                     precision = "float32",
                     missing = "error",
                     n_words = 10000,
                     lowercase = TRUE,
                     unseen = "warn",
                     seed = NULL,
                     verbose = NULL,
                     ...) {
  make_net_with(formula, rlang::current_env(), ...)
}
