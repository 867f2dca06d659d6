// What people do on pages that work without network: kept on the phone at once, sent to the server later, in order.
// Owns the database in the browser, the sending and its words; what is sent is said by the module's own page.
const NAME = 'dougong', EVERY = 30_000, LONGEST = 300_000, BOUND = 60_000
const bus = 'BroadcastChannel' in self ? new BroadcastChannel('dougong-outbox') : null
const listeners = new Set()
let opening, timer, sending = false, wanted = false, stopped = ''
let reached = null // whether the server answered when it was last asked: browsers believe in a network that leads nowhere

const done = request => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = () => reject(request.error) })

/** The database; rejects in words of the browser where there is none (private mode, storage forbidden). */
export function database () {
  opening ||= new Promise((resolve, reject) => {
    if (!self.indexedDB) return reject(new Error('no IndexedDB'))
    const request = indexedDB.open(NAME, 1)
    request.onupgradeneeded = () => {
      request.result.createObjectStore('queue', { keyPath: 'seq', autoIncrement: true })
      request.result.createObjectStore('drafts')
      request.result.createObjectStore('notes')
    }
    request.onsuccess = () => { request.result.onversionchange = () => { request.result.close(); opening = undefined }; resolve(request.result) }
    request.onerror = request.onblocked = () => reject(request.error || new Error('blocked'))
  })
  opening.catch(() => { opening = undefined })
  return opening
}

async function within (stores, mode, work) {
  const db = await database()
  return new Promise((resolve, reject) => {
    const change = db.transaction(stores, mode, { durability: 'strict' })
    let result
    change.oncomplete = () => resolve(result)
    change.onabort = change.onerror = () => reject(change.error)
    Promise.resolve(work(name => change.objectStore(name))).then(found => { result = found }, error => { reject(error); try { change.abort() } catch { /* it ended already */ } })
  })
}

/** What a page keeps under a name for the person at it; undefined where there is nothing. */
export const draft = (who, name) => within(['drafts'], 'readonly', of => done(of('drafts').get(who + ' ' + name)))
export const forget = (who, name) => within(['drafts'], 'readwrite', of => done(of('drafts').delete(who + ' ' + name)))

/**
 * Keep a page's state and queue what follows from it, both or neither; resolves when the phone has it.
 * @param who whose it is: `document.body.dataset.who`
 * @param name of the draft @param state anything that can be cloned, files too; null: the draft goes
 * @param entries [{group, label, url, body, files?: [{name, blob}], replaces?, soft?, …}]; `replaces`: an unsent entry with the
 *   same value is replaced by this one, which then counts for both. `soft`: what the server refuses for good is dropped,
 *   for a later entry says it all again
 */
export async function keep (who, name, state, entries = []) {
  const added = await within(['drafts', 'queue'], 'readwrite', async of => {
    if (state === null) await done(of('drafts').delete(who + ' ' + name))
    else if (state !== undefined) await done(of('drafts').put(state, who + ' ' + name))
    for (const entry of entries) {
      let made = { ...entry, who, name: document.body.dataset.person, key: crypto.randomUUID(), at: new Date().toISOString(), tries: 0, next: 0, problem: null }
      if (entry.replaces) {
        // It goes to the end: what it speaks of (photos) was queued before it.
        const had = (await done(of('queue').getAll())).find(one => one.who === who && one.replaces === entry.replaces && !one.begun)
        if (had) await done(of('queue').delete(had.seq))
        made.count = (had?.count || 0) + (entry.count || 1)
      }
      await done(of('queue').put(made))
    }
    return entries.length
  })
  if (navigator.storage?.persist) navigator.storage.persist().catch(() => false)
  if (added) { tell(); send() }
}

/** Everything unsent on this phone, whoever's it is; oldest first. */
export const waiting = () => within(['queue'], 'readonly', of => done(of('queue').getAll()))
/** Change an entry as it now lies in the queue; null: it was taken away meanwhile. */
const change = (seq, values) => within(['queue'], 'readwrite', async of => {
  const had = await done(of('queue').get(seq))
  if (!had) return null
  const made = { ...had, ...values }
  await done(of('queue').put(made))
  return made
})
/** Take an entry away for good (sent, or given up by the person). */
export const drop = async seq => { await within(['queue'], 'readwrite', of => done(of('queue').delete(seq))); tell() }
/** Try refused entries again. @param group only of this group */
export async function again (group) {
  for (const entry of await waiting()) if (!group || entry.group === group) await change(entry.seq, { problem: null, tries: 0, next: 0, ...(entry.problem && { key: crypto.randomUUID() }) })
  stopped = ''
  tell()
  return send()
}

// ---- sending -------------------------------------------------------------------------------------

/** Who is signed in, by the server's word; also its time and the token of forms. null: nobody. */
async function session () {
  const before = Date.now()
  const answer = await fetch('/offline/session', { headers: { accept: 'application/json' }, cache: 'no-store', signal: AbortSignal.timeout(BOUND) })
    .catch(error => { reached = false; throw error })
  reached = true
  if (answer.status === 401) return null
  if (!answer.ok) throw new Error('HTTP ' + answer.status)
  const found = await answer.json()
  const device = new Date((before + Date.now()) / 2)
  await within(['notes'], 'readwrite', of => done(of('notes').put({ server: found.now, device: device.toISOString() }, 'time')))
  return found
}

/** The last moment at which the server's clock was seen, by both clocks; null before the first. */
export const clocks = () => within(['notes'], 'readonly', of => done(of('notes').get('time'))).then(found => found || null)

async function post (entry, found) {
  const headers = { accept: 'application/json', 'idempotency-key': entry.key, 'x-csrf-token': found.csrf, 'x-dougong-who': entry.who }
  const body = { ...entry.body, sent: { device: new Date().toISOString(), seen: await clocks() } }
  let content
  if (entry.files?.length) {
    content = new FormData()
    content.append('body', JSON.stringify(body))
    for (const file of entry.files) content.append('file', file.blob, file.name)
  } else {
    headers['content-type'] = 'application/json'
    content = JSON.stringify(body)
  }
  return fetch(entry.url, { method: 'POST', headers, body: content, signal: AbortSignal.timeout(BOUND) })
}

async function problemOf (answer) {
  const found = await answer.json().catch(() => ({}))
  return { status: answer.status, title: found.title || '', detail: found.detail || '', errors: (found.errors || []).slice(0, 20), code: found.code || '' }
}

async function round () {
  const who = document.body.dataset.who
  const due = () => waiting().then(all => all.filter(entry => entry.who === who && !entry.problem))
  const own = await due()
  if (!own.length) {
    stopped = ''
    if (!reached && document.querySelector('[data-outbox]')) await session().catch(() => null)
    return
  }
  let found
  try { found = await session() } catch { return later(own[0]) }
  if (!found) { stopped = 'signin'; return }
  if (found.who !== who) { stopped = 'other'; return }
  stopped = ''
  const held = new Set()
  for (;;) {
    const all = await waiting()
    for (const entry of all) if (entry.who === who && entry.problem) held.add(entry.group)
    const next = all.find(one => one.who === who && !one.problem && !held.has(one.group))
    if (!next) return
    if (next.next > Date.now()) { held.add(next.group); plan(next.next - Date.now()); continue }
    const entry = await change(next.seq, { begun: true }) // from now on no newer one takes its place: the server may have it
    if (!entry) continue
    let answer
    try { answer = await post(entry, found) } catch { return later(entry) }
    if (answer.ok) {
      const made = await answer.json().catch(() => null)
      await drop(entry.seq)
      tell({ sent: entry.group, photo: entry.photo, answer: made })
    } else if (answer.status === 401) { stopped = 'signin'; return } else if (answer.status >= 500 || answer.status === 429 || answer.status === 408) {
      await later(entry, Number(answer.headers.get('retry-after')) * 1000)
      held.add(entry.group)
    } else {
      const problem = await problemOf(answer)
      if (problem.code === 'other-person') { stopped = 'other'; return }
      if (entry.soft) { await drop(entry.seq); tell({ sent: entry.group, problem }) } else { await change(entry.seq, { problem }); tell() }
    }
  }
}

async function later (entry, least = 0) {
  const wait = Math.max(least || 0, Math.min(LONGEST, 2000 * 2 ** Math.min(entry.tries, 8)) * (0.75 + Math.random() / 2))
  await change(entry.seq, { tries: entry.tries + 1, next: Date.now() + wait })
  plan(wait)
}

function plan (wait) { clearTimeout(timer); timer = setTimeout(send, Math.min(wait, LONGEST)) }

/** Send what waits; one tab at a time does it, the others go on working. */
export async function send () {
  if (navigator.onLine === false) return tell()
  // What was queued while a round saw its queue empty must not wait for the next tick.
  if (sending) { wanted = true; return tell() }
  sending = true
  wanted = false
  const work = async () => { tell(); await round() }
  try {
    if (navigator.locks) await navigator.locks.request('dougong-outbox', { ifAvailable: true }, lock => lock && work())
    else await leased(work)
  } catch (error) { console.info('outbox', error) } finally { sending = false; tell() }
  if (wanted) return send()
}

// Without Web Locks: a lease in the database that ends by itself. Two senders at worst, and keys make one effect of both.
async function leased (work) {
  const mine = crypto.randomUUID()
  const taken = await within(['notes'], 'readwrite', async of => {
    const had = await done(of('notes').get('lease'))
    if (had && had.until > Date.now()) return false
    await done(of('notes').put({ mine, until: Date.now() + 2 * BOUND }, 'lease'))
    return true
  })
  if (!taken) return
  try { await work() } finally { await within(['notes'], 'readwrite', of => done(of('notes').delete('lease'))) }
}

/** From now on everything of this person is due at once: the network is back, or somebody looks. */
async function now () {
  for (const entry of await waiting()) if (entry.next && !entry.problem) await change(entry.seq, { next: 0 })
  return send()
}

// ---- telling -------------------------------------------------------------------------------------

/** Be told of changes: {own, others, refused, sending, stopped, online, sent?}. */
export function watch (listener) { listeners.add(listener); look().then(listener, error => listener({ broken: error })) }

async function look (more = {}) {
  const all = await waiting(), who = document.body.dataset.who
  const own = all.filter(entry => entry.who === who)
  return {
    own, others: all.filter(entry => entry.who !== who), refused: own.filter(entry => entry.problem),
    number: own.reduce((sum, entry) => sum + (entry.count || 1), 0), sending, stopped, online: navigator.onLine !== false && reached !== false, ...more
  }
}

async function tell (more, quiet) {
  if (!quiet) bus?.postMessage(more || null)
  try { const found = await look(more || {}); listeners.forEach(listener => listener(found)) } catch (error) { listeners.forEach(listener => listener({ broken: error })) }
}
if (bus) bus.onmessage = event => tell(event.data, true)

/** Everything of this person that is unsent, as one file to hand over: the last resort. */
export async function save () {
  const own = (await waiting()).filter(entry => entry.who === document.body.dataset.who)
  const text = blob => new Promise((resolve, reject) => { const reader = new FileReader(); reader.onload = () => resolve(reader.result); reader.onerror = () => reject(reader.error); reader.readAsDataURL(blob) })
  const plain = []
  for (const entry of own) plain.push({ ...entry, files: await Promise.all((entry.files || []).map(async file => ({ name: file.name, data: await text(file.blob) }))) })
  const url = URL.createObjectURL(new Blob([JSON.stringify({ host: location.host, person: document.body.dataset.person, made: new Date().toISOString(), clocks: await clocks(), unsent: plain }, null, 1)], { type: 'application/json' }))
  Object.assign(document.createElement('a'), { href: url, download: 'dougong-' + new Date().toISOString().slice(0, 16).replace(/\D/g, '') + '.json' }).click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => name in values ? values[name] : whole)
const make = (tag, more, ...inner) => { const made = Object.assign(document.createElement(tag), more); made.append(...inner); return made }

/** Say in words how it stands, in an element with the texts as `data-…` (the template `parts/outbox.html`). */
export function speak (box) {
  const words = box.dataset, text = box.querySelector('p'), acts = box.querySelector('[data-acts]')
  const others = box.parentNode.querySelector('[data-outbox-others]')
  watch(found => {
    const say = (kind, said) => { box.dataset.k = kind; box.hidden = false; if (text.textContent !== said) text.textContent = said }
    acts.hidden = true
    if (found.broken) return say('bad', words.broken)
    const n = found.number
    if (found.refused.length) {
      acts.hidden = false
      const because = found.refused.map(one => [one.label + ':', one.problem.detail || one.problem.title, ...one.problem.errors.map(error => error.message)].join(' '))
      say('bad', fill(words.refused, { n: found.refused.length }) + ' ' + because.join(' '))
    } else if (found.stopped === 'signin') say('warn', fill(words.signin, { n }))
    else if (found.stopped === 'other') say('warn', fill(words.other, { n }))
    else if (!found.online) say('warn', n ? fill(words.offline, { n }) : words.cut)
    else if (n) say(found.sending ? 'info' : 'warn', fill(found.sending ? words.sending : words.waiting, { n }))
    else if (box.dataset.had) say('good', words.sent)
    else box.hidden = true
    if (n) box.dataset.had = '1'
    if (!others) return
    const names = [...new Set(found.others.map(entry => entry.name))].join(', ')
    others.hidden = !found.others.length
    if (found.others.length) others.querySelector('p').textContent = fill(others.dataset.text, { name: names, n: found.others.length })
  })
  box.addEventListener('click', event => {
    const act = event.target.closest('[data-act]')?.dataset.act
    if (act === 'again') again()
    else if (act === 'save') save()
    else if (act === 'drop' && confirm(words.sure)) waiting().then(all => Promise.all(all.filter(one => one.who === document.body.dataset.who && one.problem).map(one => drop(one.seq))))
  })
}

/** Ask the worker to keep these pages for work without network. Resolves to how many it keeps; 0: none (no worker, no room). */
export async function prefetch (urls) {
  if (!navigator.serviceWorker) return 0
  const registration = await navigator.serviceWorker.ready
  const channel = new MessageChannel()
  return new Promise(resolve => {
    const wait = setTimeout(() => resolve(0), BOUND)
    channel.port1.onmessage = event => { clearTimeout(wait); resolve(event.data.kept) }
    registration.active.postMessage({ keep: urls }, [channel.port2])
  })
}

/** Make a photograph small enough to keep and send. Returns {blob, thumb}; thumb is a data: address. */
export async function smaller (file, side = 1600) {
  const image = await createImageBitmap(file, { imageOrientation: 'from-image' })
  const draw = (most, quality) => {
    const scale = Math.min(1, most / Math.max(image.width, image.height))
    const canvas = make('canvas', { width: Math.max(1, Math.round(image.width * scale)), height: Math.max(1, Math.round(image.height * scale)) })
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height)
    return new Promise(resolve => canvas.toBlob(resolve, 'image/jpeg', quality)).then(blob => ({ blob, canvas }))
  }
  const { blob } = await draw(side, 0.82), { canvas } = await draw(176, 0.7)
  if (!blob) throw new Error('no picture')
  return { blob, thumb: canvas.toDataURL('image/jpeg', 0.7) }
}

if (document.body.dataset.who) {
  if (navigator.serviceWorker) navigator.serviceWorker.register('/worker.js', { updateViaCache: 'none' }).catch(error => console.info('worker', error))
  addEventListener('online', now)
  addEventListener('offline', () => tell())
  addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') now() })
  setInterval(send, EVERY)
  document.querySelectorAll('[data-outbox]').forEach(speak)
  // Signing out leaves what is unsent on the phone: said before, once.
  document.addEventListener('submit', event => {
    const form = event.target, box = document.querySelector('[data-outbox]')
    if (!form.action.endsWith('/signout') || !box?.dataset.had || box.dataset.k === 'good' || form.dataset.sure) return
    if (confirm(box.dataset.leaving)) form.dataset.sure = '1'
    else event.preventDefault()
  }, true)
  now().catch(() => tell())
}
