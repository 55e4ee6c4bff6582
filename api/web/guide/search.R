# A name in any script and spelling.
wanted <- URLencode("Бейсембаев", reserved = TRUE)
found <- jsonlite::fromJSON(paste0("http://127.0.0.1:8000/search?lang=en&q=", wanted))
print(found$results[, c("id", "label", "score")])
