def test_today_greets_by_name(jo, browse):
    page = browse(jo).get("/today")
    assert page.status_code == 200
    assert ", Jo</h1>" in page.content.decode()
