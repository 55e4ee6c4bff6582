"""Runs a stranger's SPARQL in child processes that can be killed, over read-only handles of one generation.

The parent never parses, runs or serialises what a stranger sent; it moves bytes and holds the limits::

    pool = Pool(settings, generation)
    await pool.start()
    async with pool.answer(Job(query, solutions="text/csv", graphs="text/turtle", client="192.0.2.1")) as answer:
        answer.kind, answer.media_type, answer.generation
        async for chunk in answer: ...
    await pool.use(newer_generation)  # queries under way end on the old one
    pool.running(), pool.stop(id), pool.counts
    await pool.close()

``graph.isolation.once.run_once`` is the synchronous door for the command line. docs/isolation.md says what is
guaranteed on which system. Nothing is imported here: the worker starts in this package and must start fast.
"""
