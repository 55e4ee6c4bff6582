# Every claim of the graph as a data frame, kept in a file: a row for each span that carries one.
download.file("http://127.0.0.1:8000/export?format=csv", "edugraph.csv", quiet = TRUE)
claims <- read.csv("edugraph.csv", encoding = "UTF-8")
cat(length(unique(claims$claim)), "claims in the columns", names(claims), "\n")
