# Who and what is tied to the UNESCO Institute for Lifelong Learning, with the claim and the span that say so.
curl -fsS 'http://127.0.0.1:8000/organisations/unesco-uil/links?lang=en'
