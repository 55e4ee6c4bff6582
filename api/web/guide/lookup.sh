# The ministries of Kazakhstan as a table: every list and filter of the pages has this address and comes as CSV.
curl -fsS 'http://127.0.0.1:8000/organisations?kind=Ministry&country=KAZ&format=csv'
