import time, pytest
from datetime import date
from dotpha.programmes import imports
from dotpha.programmes.tests import factories
from dotpha.directory.models import Organisation
pytestmark = pytest.mark.django_db
ON = date(2026, 6, 1)
def test_perf():
    for n in range(300): factories.organisation(f"xa-{n}", name={"vi": f"Ủy ban nhân dân xã Số {n}"}, abbreviations=[])
    factories.organisation("most", name={"vi": "Bộ Khoa học và Công nghệ"}, abbreviations=["BKHCN"])
    p = factories.programme()
    t=time.monotonic()
    d = ("key,title,lead,deadline\n" + "".join(f"k{n},Việc {n},most,Quý II/2027\n" for n in range(10_000))).encode()
    s = imports.preview(d, "r.csv", p, factories.TEST, ON); print("\npreview", time.monotonic()-t); t=time.monotonic()
    r = imports.apply(s, p, factories.TEST, ON); print("apply", r.accepted, time.monotonic()-t); t=time.monotonic()
    s = imports.preview(d, "r.csv", p, factories.TEST, ON); print("preview again", s.count("unchanged"), time.monotonic()-t); t=time.monotonic()
    d2 = d.replace("Việc".encode(), "Việc mới".encode())
    s = imports.preview(d2, "r.csv", p, factories.TEST, ON); print("preview changed", s.count("changed"), time.monotonic()-t); t=time.monotonic()
    r = imports.apply(s, p, factories.TEST, ON); print("apply changed", r.changed, time.monotonic()-t)
def test_unknown():
    for n in range(300): factories.organisation(f"xa-{n}", name={"vi": f"Ủy ban nhân dân xã Số {n}"}, abbreviations=[])
    p = factories.programme()
    d = ("key,title,lead,deadline\n" + "".join(f"k{n},Việc {n},Bộ số {n} không có,Quý II/2027\n" for n in range(300))).encode()
    t=time.monotonic(); s = imports.preview(d, "r.csv", p, factories.TEST, ON); print("\nunknown 300 rows over 300 orgs", time.monotonic()-t)
