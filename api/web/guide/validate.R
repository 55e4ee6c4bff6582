# Would this file pass the checks? Base R cannot post a file by itself; here the command curl does it.
writeLines(c(
  "@prefix edg: <https://w3id.org/edugraph/ontology#> .",
  "@prefix org: <https://w3id.org/edugraph/organisation/> .",
  "org:reading-circle a edg:Organization ."
), "mine.ttl")
sent <- c("--data-binary", "@mine.ttl", "-H", shQuote("content-type: text/turtle"))
download.file("http://127.0.0.1:8000/validate", "report.json", method = "curl", extra = sent, quiet = TRUE)
findings <- jsonlite::fromJSON("report.json")$findings
print(data.frame(line = findings$line, check = findings$check, message = findings$message$en))
