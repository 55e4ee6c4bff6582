# A name in any script and spelling; the answer says which name matched, and how.
curl -fsS -G 'http://127.0.0.1:8000/search' --data-urlencode 'q=Бейсембаев' -d lang=en
