// The service worker of a company's host: keeps the pages that modules declared workable without network, and the static
// files those pages name. Nothing else is kept. What was done on such a page lies in the outbox (outbox.js), not here.
const PAGES = 'dougong-pages-1', FILES = 'dougong-files-1'
const KEEP = 'x-dougong-keep' // on answers that may be kept: whose they are
const PATIENCE = 5000 // milliseconds that a weak network has before the kept page is shown
const WORDS = '/offline', OUT = '/offline/out'

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()))

const bare = url => { const made = new URL(url); made.hash = ''; return made.href }
const wipe = () => caches.delete(PAGES)

// A page of somebody else on this phone: what was kept for the one before goes first.
async function put (url, answer) {
  const whose = answer.headers.get(KEEP)
  if (!answer.ok || answer.redirected || !whose) return false
  const pages = await caches.open(PAGES)
  const [first] = await pages.keys()
  const had = first && await pages.match(first)
  if (had && had.headers.get(KEEP) !== whose) await wipe()
  const text = await answer.clone().text()
  await (await caches.open(PAGES)).put(bare(url), answer)
  await Promise.all(named(text, url).map(fetchFile))
  return true
}

// The static files that a page names; their addresses carry the hash of what they hold, so they never grow old.
const named = (text, base) => [...text.matchAll(/(?:href|src)="((?:\/static\/|\/brand\.css)[^"]+)"/g)]
  .map(found => new URL(found[1].replaceAll('&amp;', '&'), base).href)

async function fetchFile (url) {
  const files = await caches.open(FILES)
  const had = await files.match(url)
  if (had) return had
  const answer = await fetch(url)
  if (answer.ok && new URL(url).search) await files.put(url, answer.clone())
  return answer
}

// What the server no longer shows is not kept either. Then other pages may be lost as well: all that are kept are asked for again.
const gone = answer => [403, 404, 410].includes(answer.status)
async function lose (url) {
  const pages = await caches.open(PAGES)
  if (!await pages.delete(bare(url))) return
  for (const { url: other } of await pages.keys()) {
    const answer = await fetch(other, { credentials: 'same-origin', headers: { accept: 'text/html' } })
    if (new URL(answer.url).pathname === '/signin') return wipe()
    if (gone(answer)) await pages.delete(other)
  }
}

// Keep these pages and no other: what is not among them, and files that none of them names, are dropped.
async function keep (urls) {
  const wanted = [...urls.map(url => new URL(url, self.location).href), ...[WORDS, OUT].map(path => new URL(path, self.location).href)]
  let kept = 0, signedOut = false
  for (const url of wanted) {
    const answer = await fetch(url, { credentials: 'same-origin', headers: { accept: 'text/html' } })
    signedOut ||= answer.status === 401 || new URL(answer.url).pathname === '/signin'
    if (signedOut) break
    if (gone(answer)) await (await caches.open(PAGES)).delete(url)
    else if (await put(url, answer)) kept++
  }
  if (signedOut) { await wipe(); return 0 }
  const pages = await caches.open(PAGES), used = new Set()
  for (const request of await pages.keys()) {
    if (!wanted.includes(request.url)) { await pages.delete(request); continue }
    named(await textOf(pages, request), request.url).forEach(url => used.add(url))
  }
  const files = await caches.open(FILES)
  for (const request of await files.keys()) if (!used.has(request.url)) await files.delete(request)
  return kept - 2
}

// Empty where it was deleted meanwhile.
const textOf = async (pages, request) => await (await pages.match(request))?.text() || ''
const kept = async url => (await caches.open(PAGES)).match(bare(url))

// A kept page may answer for other addresses (a label on the wall): it names them as data-answers="/path". Of several the one
// whose time is now (data-begins, data-until) comes first.
async function instead (url) {
  const { pathname } = new URL(url), pages = await caches.open(PAGES), now = Date.now()
  let best, most = -1
  for (const request of await pages.keys()) {
    const text = await textOf(pages, request)
    if (!text.includes('data-answers="' + pathname + '"')) continue
    const time = name => Date.parse(text.match(new RegExp('data-' + name + '="([^"]+)"'))?.[1] || '')
    const fits = time('begins') > now ? 0 : time('until') < now ? 1 : 2
    if (fits > most) { best = request.url; most = fits }
  }
  return best && Response.redirect(best + '#code=' + encodeURIComponent(pathname), 302)
}

async function open (event) {
  const { request } = event
  const had = await kept(request.url)
  const asked = fetch(request)
  const store = asked.then(async answer => {
    // Whoever is shown the sign-in page is nobody here any more.
    if (new URL(request.url).pathname === '/signin' && answer.ok && !answer.redirected) await wipe()
    else if (answer.headers.get(KEEP)) await put(request.url, answer.clone())
    else if (had && gone(answer)) await lose(request.url)
  }).catch(() => undefined) // without network, or without room: the page itself is shown all the same
  event.waitUntil(store)
  if (!had) {
    const failed = async error => { const other = await instead(request.url) || await kept(new URL(WORDS, request.url).href); if (other) return other; throw error }
    const weak = new Promise(resolve => setTimeout(() => instead(request.url).then(other => other && resolve(other)), PATIENCE))
    return Promise.race([asked.catch(failed), weak])
  }
  const late = new Promise(resolve => setTimeout(() => resolve(had), PATIENCE))
  const down = answer => [502, 503, 504].includes(answer.status) ? had : answer
  return Promise.race([asked.then(down, () => had), late])
}

async function leave (event) {
  const words = await kept(new URL(OUT, event.request.url).href)
  await wipe()
  return fetch(event.request).catch(error => { if (words) return words; throw error })
}

self.addEventListener('fetch', event => {
  const { request } = event, url = new URL(request.url)
  if (url.origin !== self.location.origin) return
  if (request.method === 'POST') {
    if (url.pathname === '/signout' || url.pathname === '/signout-everywhere') event.respondWith(leave(event))
    else if (url.pathname === '/signin') event.waitUntil(wipe())
  } else if (request.method === 'GET' && request.mode === 'navigate') event.respondWith(open(event))
  else if (request.method === 'GET' && url.search && (url.pathname.startsWith('/static/') || url.pathname === '/brand.css')) {
    event.respondWith(caches.open(FILES).then(files => files.match(request.url)).then(had => had || fetch(request)))
  }
})

self.addEventListener('message', event => {
  if (event.data.keep) event.waitUntil(keep(event.data.keep).catch(() => 0).then(n => event.ports[0]?.postMessage({ kept: n })))
  if (event.data.wipe) event.waitUntil(wipe())
})
