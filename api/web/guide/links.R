# Who and what is tied to the UNESCO Institute for Lifelong Learning.
found <- jsonlite::fromJSON("http://127.0.0.1:8000/organisations/unesco-uil/links?lang=en")
links <- found$links
print(data.frame(role = links$role$label, with = links$counterpart$label, planned = links$planned))
print(links$evidence[[1]]$selector)
