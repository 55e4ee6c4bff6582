# The network around an office, two steps away, as a file that Gephi, yEd or igraph opens.
curl -fsS -o network.graphml 'http://127.0.0.1:8000/network?actor=unesco-almaty-office&depth=2&format=graphml'
grep -c '<edge ' network.graphml
