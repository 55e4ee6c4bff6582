# Who took part in the same events as an office, and in how many.
address <- "http://127.0.0.1:8000/network?actor=unesco-almaty-office&projection=co-participation&lang=en"
network <- jsonlite::fromJSON(address)
names <- setNames(network$elements$nodes$data$label, network$elements$nodes$data$id)
ties <- network$elements$edges$data
ties <- ties[ties$source == network$actor$id | ties$target == network$actor$id, ]
other <- ifelse(ties$source == network$actor$id, ties$target, ties$source)
print(data.frame(other = names[other], shared = ties$weight, row.names = NULL))
