from __future__ import annotations
import pathlib, re
from dougong_complaints import demo
from .test_over_http import LIST
def test_dump(platform, company, registry):
    from dougong.scheduling.jobs import Jobs
    company.jobs = Jobs(registry.jobs)
    with company.acting(None, "complaints") as x:
        demo.fill(x)
    out=pathlib.Path('/tmp/th/real'); out.mkdir(exist_ok=True)
    for loc in ('zh','en'):
        b = platform.browser(company, "service_lead_n1")
        h={'accept-language':loc}
        def get(n,p):
            r=b.get(p); (out/f'{n}-{loc}.html').write_text(r.text); print(n,p,r.status_code,len(r.text)); return r.text
        home=get('home','/')
        if loc=='en':
            c=re.search(r'name="csrf" value="([0-9a-f]+)"',home)[1]
            try: b.post('/preferences',{'locale':'en','next':'/','csrf':c})
            except Exception as e: print('post',e)
            get('home','/')
        t=get('list',LIST+'?tab=all')
        ids=re.findall(r'href="(/complaints/complaint/[0-9a-f-]{36})',t)
        get('detail',ids[0]); get('detail2',ids[5]); get('new',LIST+'/new'); get('account','/account'); get('e404','/nix')
        d=(out/f'detail2-{loc}.html').read_text()
        do=re.findall(r'href="(/complaints/complaint/[0-9a-f-]{36}/do/[^"]+)',d)
        if do: get('do',do[0])
