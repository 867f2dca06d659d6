// The walk: one point at a time, every action kept on the phone at once and sent when there is network.
const { keep, draft, forget, watch, smaller } = await import(document.getElementById('outbox-js').href)
const form = document.getElementById('walk'), { task } = form.dataset, say = JSON.parse(form.dataset.words)
const who = document.body.dataset.who, NAME = 'walk:' + task, V = 1
const one = (selector, from = document) => from.querySelector(selector), all = (selector, from = document) => [...from.querySelectorAll(selector)]
const make = (tag, more = {}, ...inner) => { const made = Object.assign(document.createElement(tag), more); made.append(...inner); return made }
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole)
const points = all('.point[data-point]'), pages = all('.point'), itemsOf = point => all('.item', point), rules = item => JSON.parse(item.dataset.rules)
const url = '/api/v1/inspections/walk/' + task + '/'
const clock = at => new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
let bare = false, unkept = [], chain = Promise.resolve()
let state = await draft(who, NAME).catch(() => { bare = true; return null }) || { id: crypto.randomUUID(), started: null, points: {}, current: 0, note: '' }

const of = point => (state.points[point.dataset.point] ||= { answers: {}, method: 'tap', code: '', skip: '' })
const field = (item, part) => all('[name="' + part + '.' + CSS.escape(item.dataset.name) + '"]', item)
const picked = inputs => inputs.find(input => input.checked)?.value || ''

// ---- what the form says --------------------------------------------------------------------------

function read (item, had = {}) {
  const typed = field(item, 'v'), value = typed[0]?.type === 'radio' ? picked(typed) : (typed[0]?.value || '').trim()
  return { ...had, choice: picked(field(item, 'a')), value, severity: picked(field(item, 's')), note: field(item, 'n')[0].value.trim(), photos: had.photos || [], at: new Date().toISOString() }
}

const number = text => { const n = Number(text.replace(',', '.').replace('。', '.')); return text && Number.isFinite(n) ? n : null }
const hadPhotos = item => Number(one('[data-had]', item)?.dataset.had || 0)

// What an answer means, as items.py says it: '', good, bad or na.
function outcome (item, given) {
  if (!given) return ''
  const rule = rules(item), { type } = item.dataset
  if (given.choice === 'na') return 'na'
  if (type === 'yes_no') return { ok: 'good', bad: 'bad' }[given.choice] || ''
  if (type === 'option') return !given.value ? '' : rule.failing.includes(given.value) ? 'bad' : 'good'
  if (type === 'number') { const n = number(given.value); return n === null ? '' : (rule.low !== null && n < rule.low) || (rule.high !== null && n > rule.high) ? 'bad' : 'good' }
  if (type === 'text' ? !given.value : !given.photos.length && !hadPhotos(item)) return ''
  return given.choice === 'bad' ? 'bad' : given.choice === 'ok' ? 'good' : ''
}
function lacking (item, given) {
  const found = outcome(item, given), rule = rules(item), photos = (given?.photos.length || 0) + hadPhotos(item)
  if (found === 'bad' && rule.photo && !photos) return 'photo'
  if (item.dataset.type === 'photo' && found && found !== 'na' && photos < rule.least) return 'photo'
  return found === 'bad' && !given.note ? 'words' : ''
}

function answer (item, given) {
  const { type } = item.dataset, made = { na: given.choice === 'na', note: given.note, photos: given.photos.map(photo => photo.id), device_at: given.at }
  if (given.severity && outcome(item, given) === 'bad') made.severity = given.severity
  if (made.na) return made
  if (type === 'yes_no') made.value = rules(item).good === (given.choice === 'ok')
  else if (type === 'number') made.value = number(given.value)
  else if (type !== 'photo') made.value = given.value
  if (type === 'text' || type === 'photo') made.fails = given.choice === 'bad'
  return made
}

function body (what) {
  const found = []
  for (const point of points) {
    const had = state.points[point.dataset.point]
    if (!had || !had.at) continue
    const answers = {}
    for (const item of itemsOf(point)) {
      const given = had.answers[item.dataset.item]
      if (outcome(item, given) && !lacking(item, given)) answers[item.dataset.item] = answer(item, given)
    }
    found.push({ point: point.dataset.point, method: had.method, code: had.code, device_at: had.at, latitude: had.lat ?? null, longitude: had.lon ?? null, skip: had.skip, answers: had.skip ? {} : answers })
  }
  return what === 'progress' ? { v: V, what, points: found } : { v: V, what, points: found, id: state.id, note: state.note, started_at: state.started, finished_at: state.finished }
}

// ---- keeping -------------------------------------------------------------------------------------

// One after the other, so that an older state never comes to lie over a newer one. What found no room is tried again with the next.
function store (entries = []) {
  const now = structuredClone(state)
  chain = chain.then(async () => {
    const all = [...unkept, ...entries]
    try {
      await keep(who, NAME, now, all)
      if (unkept.length) tell('')
      unkept = []
    } catch (error) { unkept = all.length ? all : [progress()]; tell(say.full); console.info('walk', error) }
  })
  return chain
}
const progress = () => ({ group: task, label: document.title, url: url + 'send', body: body('progress'), replaces: NAME, soft: true })
function act (point) {
  const had = of(point), at = new Date().toISOString()
  state.started ||= at
  had.at ||= at
  draw()
  return store([progress()])
}
function tell (text) { const box = one('#told'); box.textContent = text; box.hidden = !text }

form.addEventListener('change', async event => {
  if (bare) return
  const { target } = event, point = target.closest('.point'), item = target.closest('.item')
  if (target.name === 'note') { state.note = target.value.trim(); return store() }
  if (target.type === 'file') return shot(point, item, [...target.files], target)
  if (item) of(point).answers[item.dataset.item] = read(item, of(point).answers[item.dataset.item])
  else if (target.name.startsWith('skip.')) of(point).skip = target.value.trim()
  else if (target.name.startsWith('code.')) { if (target.value.trim()) arrive(target.value.trim(), point, 'qr'); return }
  act(point)
})

async function shot (point, item, files, input) {
  for (const file of files) {
    let made
    try { made = await smaller(file) } catch { tell(say.bad); continue }
    const hash = await crypto.subtle.digest('SHA-256', await made.blob.arrayBuffer())
    const id = [...new Uint8Array(hash)].map(byte => byte.toString(16).padStart(2, '0')).join('').slice(0, 24)
    const had = of(point), given = read(item, had.answers[item.dataset.item])
    given.photos = [...given.photos.filter(photo => photo.id !== id), { id, thumb: made.thumb, at: given.at }]
    had.answers[item.dataset.item] = given
    had.at ||= given.at
    state.started ||= given.at
    draw()
    const label = item.dataset.text.slice(0, 30).replace(/[^\p{L}\p{N} ]/gu, '')
    await store([{ group: task, label: item.dataset.text, url: url + 'photo', body: { v: V }, photo: id, files: [{ name: clock(given.at).replace(':', '') + ' ' + label + ' ' + id + '.jpg', blob: made.blob }] }, progress()])
  }
  input.value = ''
}

form.addEventListener('click', event => {
  if (bare) return
  const { target } = event, point = target.closest('.point'), item = target.closest('.item')
  if (target.closest('[data-shoot]')) return one('[type=file]', item).click()
  if (target.closest('[data-scan]')) return scan(point)
  const away = target.closest('.away')
  if (away) {
    const given = of(point).answers[item.dataset.item]
    given.photos = given.photos.filter(photo => photo.id !== away.dataset.id)
    act(point)
  }
})

// ---- being there ---------------------------------------------------------------------------------

function arrive (text, here, method) {
  const code = text.trim().split('#')[0].split('?')[0].split('/').pop()
  const found = points.find(point => point.dataset.code === code || (point.dataset.nfc && point.dataset.nfc === text.trim()))
  if (!found) return tell(say.unknown)
  if (here && found !== here && here !== one('#summary')) return tell(fill(say.wrong, { name: found.dataset.name }))
  tell('')
  const had = of(found)
  Object.assign(had, { method, code: text.trim(), at: new Date().toISOString() })
  go(points.indexOf(found))
  act(found)
  place(found)
}

// Where the phone is, if it may say so; the walk never waits for it.
function place (point) {
  if (!navigator.geolocation) return
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    Object.assign(of(point), { lat: coords.latitude, lon: coords.longitude, accuracy: Math.round(coords.accuracy) })
    store([progress()])
  }, () => undefined, { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 })
}

async function scan (point) {
  if (!('BarcodeDetector' in self) || !navigator.mediaDevices) return tell(say.nocamera)
  const dialog = one('#scanner'), video = one('video', dialog)
  let stream
  try { stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } }) } catch { return tell(say.nocamera) }
  video.srcObject = stream
  dialog.showModal()
  dialog.onclose = () => stream.getTracks().forEach(track => track.stop())
  one('[data-stop]', dialog).onclick = () => dialog.close()
  await video.play()
  const detector = new BarcodeDetector({ formats: ['qr_code'] })
  while (dialog.open) {
    const [code] = await detector.detect(video).catch(() => [])
    if (code) { dialog.close(); return arrive(code.rawValue, point, 'qr') }
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}
// Reading tags has to be allowed by a tap; where it is, holding the phone to one is enough.
if (!bare && 'NDEFReader' in self && points.some(point => point.dataset.nfc)) {
  form.addEventListener('click', async () => {
    try {
      const reader = new NDEFReader()
      await reader.scan()
      reader.onreading = ({ message }) => { for (const record of message.records) if (record.recordType === 'text' || record.recordType === 'url') arrive(new TextDecoder(record.encoding || 'utf-8').decode(record.data), null, 'nfc') }
    } catch (error) { console.info('nfc', error) }
  }, { once: true })
}

// ---- drawing -------------------------------------------------------------------------------------

function status (point) {
  const had = state.points[point.dataset.point], items = itemsOf(point)
  if (had?.skip) return 'skip'
  const found = items.map(item => outcome(item, had?.answers[item.dataset.item]))
  if (found.includes('bad')) return 'bad'
  return items.length && items.every((item, n) => found[n] || rules(item).optional) ? 'good' : ''
}

function draw () {
  const dots = all('.dots li'), at = state.current
  points.forEach((point, n) => { dots[n].dataset.s = status(point); dots[n].toggleAttribute('data-now', n === at && !dots[n].dataset.s) })
  let done = 0, failed = 0, whole = 0
  for (const point of points) for (const item of itemsOf(point)) {
    const given = state.points[point.dataset.point]?.answers[item.dataset.item], found = outcome(item, given)
    whole++
    done += Boolean(found)
    failed += found === 'bad'
    item.toggleAttribute('data-open', found === 'bad' || item.dataset.type === 'photo' || Boolean(given?.photos.length || given?.note))
    one('[data-severity]', item).hidden = found !== 'bad'
    const out = one('[data-out]', item)
    if (out) { out.hidden = found !== 'bad'; out.textContent = say.out }
    const list = one('.photos', item), button = list.lastElementChild
    list.replaceChildren(...(given?.photos || []).map(photo => make('li', {}, make('figure', {}, make('img', { src: photo.thumb, alt: '' }), make('figcaption', { textContent: photo.sent ? clock(photo.at) : fill(say.pending, { time: clock(photo.at) }) })), Object.assign(make('button', { type: 'button', className: 'away', textContent: '×', ariaLabel: say.remove }), {}))), button)
    all('.away', list).forEach((away, n) => { away.dataset.id = given.photos[n].id })
  }
  one('.dots').setAttribute('aria-label', fill(say.count, { done, whole, failed }))
  one('.dots').setAttribute('role', 'img')
  one('#at').textContent = Math.min(at + 1, points.length) + ' / ' + points.length
  pages.forEach((page, n) => { page.hidden = n !== at })
  const here = points[at], had = here && state.points[here.dataset.point]
  if (here) one('[data-arrived]', here).textContent = had?.code ? fill(say.scanned, { how: had.method.toUpperCase(), time: clock(had.at) }) + (had.accuracy ? ' ±' + had.accuracy + ' m' : '') : ''
  const [back, next] = all('[data-go]')
  back.disabled = at === 0
  next.textContent = here ? (points[at + 1] ? fill(say.next, { name: points[at + 1].dataset.name }) : say.finish) : say.submit
  if (!here) summary()
  next.disabled = !here && (state.submitted || problems().length > 0)
}

function problems () {
  const found = []
  points.forEach((point, n) => {
    const had = state.points[point.dataset.point], name = point.dataset.name
    if (had?.skip) return
    const open = itemsOf(point).filter(item => !outcome(item, had?.answers[item.dataset.item]) && !rules(item).optional).length
    if (open) found.push([n, fill(say.missing, { name, n: open })])
    for (const item of itemsOf(point)) { const why = lacking(item, had?.answers[item.dataset.item]); if (why) found.push([n, fill(say[why], { name: item.dataset.text })]) }
  })
  return found
}

function summary () {
  const failed = points.flatMap((point, n) => itemsOf(point).filter(item => !state.points[point.dataset.point]?.skip && outcome(item, state.points[point.dataset.point]?.answers[item.dataset.item]) === 'bad').map(item => [n, point.dataset.name + ': ' + item.dataset.text]))
  const list = rows => make('ul', {}, ...rows.map(([n, text]) => { const link = make('a', { href: '#', textContent: text }); link.onclick = event => { event.preventDefault(); go(n) }; return make('li', {}, link) }))
  const open = problems(), seconds = state.started ? (new Date(state.finished || Date.now()) - new Date(state.started)) / 1000 : 0
  const parts = []
  if (state.submitted) parts.push(make('p', { textContent: state.result || say.kept, role: 'status' }))
  if (open.length) parts.push(list(open))
  parts.push(make('p', { textContent: failed.length ? fill(say.failed, { n: failed.length }) : say.none }))
  if (failed.length) parts.push(list(failed))
  if (seconds < Number(form.dataset.fast) && !open.length) { const note = make('p', { className: 'note', textContent: say.fast }); note.dataset.k = 'warn'; parts.push(note) }
  one('[data-summary]').replaceChildren(...parts)
}

function go (n) {
  state.current = Math.max(0, Math.min(points.length, n))
  draw()
  store()
  scrollTo(0, 0)
  one('h2', pages[state.current])?.focus({ preventScroll: true })
}

one('.task-foot').addEventListener('click', async event => {
  const button = event.target.closest('[data-go]')
  if (!button) return
  if (button.dataset.go === '1' && state.current === points.length) return submit()
  const here = points[state.current]
  if (button.dataset.go === '1' && here && status(here)) act(here)
  go(state.current + Number(button.dataset.go))
})

async function submit () {
  if (state.submitted || problems().length) return
  state.finished = new Date().toISOString()
  state.submitted = true
  state.result = ''
  await store([{ group: task, label: document.title, url: url + 'send', body: body('submit'), replaces: NAME }])
  if (unkept.length) { unkept = unkept.filter(entry => entry.body.what !== 'submit'); state.submitted = false }
  draw()
}

function tick () {
  const begins = new Date(form.dataset.begins), until = new Date(form.dataset.until), now = Date.now()
  const minutes = Math.floor(Math.abs((now < begins ? begins : until) - now) / 60000), time = Math.floor(minutes / 60) + ':' + String(minutes % 60).padStart(2, '0')
  for (const box of all('[data-window]')) {
    box.hidden = false
    box.dataset.t = now < begins ? 'none' : now > until ? 'over' : minutes < 15 ? 'soon' : 'left'
    one('span', box).textContent = fill(now < begins ? say.begins : now > until ? say.over : say.left, { time })
  }
}

// What was kept here is laid over what the server knew when it made the page.
function restore () {
  for (const point of points) {
    const had = state.points[point.dataset.point]
    const skip = one('[name^="skip."]', point)
    if (had?.skip) { skip.value = had.skip; skip.closest('details').open = true } else if (skip.value) { of(point).skip = skip.value; of(point).at ||= new Date().toISOString() }
    for (const item of itemsOf(point)) {
      const given = had?.answers[item.dataset.item]
      if (!given) {
        const shown = read(item)
        if (shown.choice || shown.value) of(point).answers[item.dataset.item] = shown
        continue
      }
      for (const input of field(item, 'a')) input.checked = input.value === given.choice
      for (const input of field(item, 'v')) if (input.type === 'radio') input.checked = input.value === given.value; else input.value = given.value
      if (given.severity) for (const input of field(item, 's')) input.checked = input.value === given.severity
      field(item, 'n')[0].value = given.note
    }
  }
  one('[name=note]').value = state.note
}

form.addEventListener('submit', event => { if (!bare) event.preventDefault() })
// What is being typed counts as said when the page is left.
addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') document.activeElement?.blur() })
tick()
setInterval(tick, 15_000)
// A browser that keeps nothing has the form as it is without a script: it works with network.
if (bare) { one('main.task').classList.add('bare'); tell(say.broken) } else {
  one('.meter').hidden = false
  restore()
  draw()
}
if (!bare) watch(found => {
  if (found.sent !== task) return
  if (found.photo) {
    for (const had of Object.values(state.points)) for (const given of Object.values(had.answers)) for (const photo of given.photos) if (photo.id === found.photo) photo.sent = true
    draw()
    store()
  } else if (found.problem) tell(fill(say.refused, { why: found.problem.detail || found.problem.title }))
  else if (state.submitted && found.answer?.status) {
    state.result = found.answer.late ? fill(say.late, { why: found.answer.late.why }) : say.done
    draw()
    tell('')
    if (found.answer.late) store(); else chain.then(() => forget(who, NAME))
  }
})
const coded = decodeURIComponent(location.hash.match(/^#code=(.+)/)?.[1] || '')
if (coded && !bare) { history.replaceState(null, '', location.pathname); arrive(coded, null, 'qr') }
document.documentElement.dataset.ready = '1'
