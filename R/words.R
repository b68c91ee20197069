# What the core says, in R's notation: its messages write values as Python does.
#
# True, False, None, nan and inf become TRUE, FALSE, NULL, NaN and Inf; 'text' becomes "text"; name=value becomes
# name = value; [1, 2], (1, 2) after = and {'a': 1} become c(1, 2) and list(a = 1); 2.0 becomes 2; Python's names of
# what a value is become R's. Labels and names, between quotation marks or backticks, stay as they are.

in_r_words <- function(text) {
  vapply(as.character(text), function(line) {
    if (is.na(line) || !nzchar(line)) return(line)
    lines <- strsplit(paste0(line, "\n"), "\n", fixed = TRUE)[[1]]
    paste(vapply(lines, line_in_r_words, ""), collapse = "\n")
  }, "", USE.NAMES = FALSE)
}

# A row of a table keeps its width; everything else is a sentence.
line_in_r_words <- function(line) {
  if (grepl("\\S {2,}\\S", line)) return(constants_in_r(line))
  parts <- take_quoted(line)
  text <- constants_in_r(parts$text)
  text <- gsub("(?<![\\w.$=<>!])([a-z]\\w*)=(?=[\\w(\\[{\"'\001.-])", "\\1 = ", text, perl = TRUE)
  text <- gsub("(Found |gave |= )(-?\\d+)\\.0(?![\\w.]*\\d)", "\\1\\2", text, perl = TRUE) # R writes 2 for 2.0
  text <- put_back(containers_in_r(words_in_r(text)), parts$quoted)
  gsub("(?<=list\\(|, )\"([A-Za-z.][\\w.]*)\" = ", "\\1 = ", text, perl = TRUE) # names in a list stand for themselves
}

# What a record of the core prints.
printed <- function(object) in_r_words(strsplit(reticulate::py_str(object), "\n", fixed = TRUE)[[1]])

constants_in_r <- function(text) {
  words <- c(True = "TRUE", False = "FALSE", None = "NULL", inf = "Inf", nan = "NaN")
  for (word in names(words)) {
    of_english <- if (word == "None") "(?! (?:of|has|have|is|are|was|were|does|do)\\b)" else ""
    pattern <- paste0("(?<![\\w'\"`.])", word, "(?![\\w'\"`])", of_english)
    text <- gsub(pattern, words[[word]], text, perl = TRUE)
  }
  text
}

# ---- what stands between quotation marks or backticks, and intervals ------------------------------------------------

quoted_pattern <- paste(
  "(?<![\\w'\"`])'(?:[^'\\\\]|\\\\.)*'(?!\\w)", "(?<![\\w'\"`])\"(?:[^\"\\\\]|\\\\.)*\"(?!\\w)", "`[^`]*`",
  "\\d%?(?: [A-Za-z][\\w-]*){0,4} \\K\\[[-\\w.]+, [-\\w.]+\\]", # an interval: 0.34 AUROC [0.25, 0.44]
  sep = "|"
)

# Each is replaced by its number between two control characters, which no message has.
take_quoted <- function(line) {
  places <- gregexpr(quoted_pattern, line, perl = TRUE)
  quoted <- regmatches(line, places)[[1]]
  if (length(quoted)) regmatches(line, places) <- list(paste0("\001", seq_along(quoted), "\002"))
  list(text = line, quoted = vapply(quoted, quoted_in_r, "", USE.NAMES = FALSE))
}

quoted_in_r <- function(quoted) {
  if (startsWith(quoted, "[")) return(constants_in_r(quoted))
  if (grepl("^`[a-z_]+='[^'`]*'`$", quoted)) { # an argument with its text
    return(gsub("'", "\"", sub("=", " = ", quoted, fixed = TRUE), fixed = TRUE))
  }
  if (!startsWith(quoted, "'")) return(quoted)
  inside <- gsub("\\'", "'", substr(quoted, 2, nchar(quoted) - 1), fixed = TRUE)
  paste0("\"", gsub("(?<!\\\\)\"", "\\\\\"", inside, perl = TRUE), "\"")
}

put_back <- function(text, quoted) {
  for (i in rev(seq_along(quoted))) text <- gsub(paste0("\001", i, "\002"), quoted[[i]], text, fixed = TRUE)
  text
}

# ---- lists, tuples and dicts ----------------------------------------------------------------------------------------

item_pattern <- "(?:[-+]?(?:\\d[\\w.+-]*|\\.\\d+|Inf|NaN)|TRUE|FALSE|NULL|\001\\d+\002|\003\\d+\004|[a-z]\\w*|[.]{3})"

# From within: what is done is taken out as well, until nothing more is found.
containers_in_r <- function(text) {
  items <- paste0("\\s*(?:", item_pattern, "(?:\\s*,\\s*", item_pattern, ")*\\s*,?)?\\s*")
  pairs <- paste0("\\s*(?:", item_pattern, ": ?", item_pattern, "(?:, ", item_pattern, ": ?", item_pattern, ")*)?\\s*")
  patterns <- c(
    paste0("(?<![\\w\\])])\\[", items, "\\]"), paste0("\\{", pairs, "\\}"),
    paste0("(?:(?<=[=\\[{(,] )|(?<=[=\\[{(])|(?<=: )|(?<=Found ))\\(\\s*(?:", item_pattern, "\\s*,", items, ")?\\)")
  )
  done <- character()
  repeat {
    place <- first_place(text, patterns)
    if (is.null(place)) break
    done <- c(done, one_container_in_r(regmatches(text, place), done))
    regmatches(text, place) <- paste0("\003", length(done), "\004")
  }
  for (i in rev(seq_along(done))) text <- gsub(paste0("\003", i, "\004"), done[[i]], text, fixed = TRUE)
  text
}

first_place <- function(text, patterns) {
  for (pattern in patterns) {
    place <- regexpr(pattern, text, perl = TRUE)
    if (place > 0) return(place)
  }
  NULL
}

one_container_in_r <- function(written, done) {
  inside <- sub(",\\s*$", "", trimws(substr(written, 2, nchar(written) - 1)))
  if (!nzchar(inside)) return("list()")
  items <- strsplit(inside, "\\s*,\\s*")[[1]]
  if (startsWith(written, "{")) return(paste0("list(", paste(sub(": ?", " = ", items), collapse = ", "), ")"))
  nested <- grepl("^\003", items)
  words <- grepl("^([a-z]\\w*|NULL)$", items)
  if (length(items) == 1 && !nested && !words) return(items)
  several <- nested & grepl(",|[(]", done[as.integer(gsub("\\D", "", ifelse(nested, items, "1")))])
  paste0(if (any(several) || any(words)) "list(" else "c(", paste(items, collapse = ", "), ")")
}

# ---- what a value is ------------------------------------------------------------------------------------------------

# In this order: longer phrases first.
r_words <- c(
  "\\b(?:an? )?ndarray of shape \\((\\d+),\\)" = "a vector of length \\1",
  "\\b(?:an? )?Series of shape \\((\\d+),\\)" = "a vector of length \\1",
  "\\b(?:an? )?ndarray of shape" = "an array of shape",
  "\\b(?:a )?DataFrame of shape" = "a data frame of shape",
  "\\bshape \\((\\d+),\\)" = "length \\1",
  "\\bshape \\(\\)" = "no dimensions",
  "\\barray\\((\\[.*?\\])(?:, dtype ?= ?\\S+?)?\\)" = "\\1",
  "\\bdata frame \\(DataFrame\\)" = "data frame",
  "\\bDataFrames\\b" = "data frames",
  "\\bDataFrame\\b" = "data frame",
  "\\ba dict\\b" = "a named list",
  "\\bdicts\\b" = "named lists",
  "\\bdict\\b" = "named list",
  "\\bndarray\\b" = "array",
  "\\bbooleans\\b" = "truth values",
  "\\bbool\\b" = "TRUE or FALSE",
  "\\ba tuple\\b" = "a vector",
  "\\btuples?\\b" = "vector",
  "\\bbn\\.(?=\\w)" = ""
)

# States and actions, which R counts from 1.
counted_from_one <- function(text) {
  pattern <- "(?<=numbered from )-?\\d+ to -?\\d+|(?<=(?:Found|urned) number )-?[\\d.]+(?<![.])"
  places <- gregexpr(pattern, text, perl = TRUE)
  regmatches(text, places) <- lapply(regmatches(text, places), function(found) {
    vapply(strsplit(found, " to "), function(numbers) paste(as.numeric(numbers) + 1, collapse = " to "), "")
  })
  text
}

words_in_r <- function(text) {
  text <- counted_from_one(text)
  for (pattern in names(r_words)) text <- gsub(pattern, r_words[[pattern]], text, perl = TRUE)
  shapes <- gregexpr("\\bshape(?: is)? \\(\\d+(?:, \\d+)+\\)", text, perl = TRUE)
  regmatches(text, shapes) <- lapply(regmatches(text, shapes), function(found) {
    gsub(", ", " x ", gsub("[()]", "", found), fixed = TRUE)
  })
  text
}
