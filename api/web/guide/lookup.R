# The ministries of Kazakhstan as a data frame.
ministries <- read.csv("http://127.0.0.1:8000/organisations?kind=Ministry&country=KAZ&format=csv")
print(ministries[, c("id", "label", "lang")])
