// The grid as a spreadsheet: moving, choosing, editing, copying, pasting, undoing; saved by itself, all or nothing, with the
// versions seen. What cannot be sent is kept and tried again.
// What a text means is decided by the server alone; the page shows what was stored.
const sheet = document.querySelector('[data-sheet]')
const say = sheet.dataset
const one = (selector, from = document) => from.querySelector(selector)
const all = (selector, from = document) => [...from.querySelectorAll(selector)]
const rows = all('tr[data-a]', sheet)
const bar = one('[data-bar]'), said = one('[data-said]'), status = one('[data-status]'), undoing = one('[data-undo]')
const past = [], future = [], byId = new Map(rows.map(row => [row.dataset.a, row]))
let from = null, at = null // where a choice of several cells began, and where one stands
let waiting = new Map(), sending = null, timer = 0, clash = null, count = all('td.edit', sheet).length

const cell = (account, month) => byId.get(account)?.cells[month]
const named = td => `${td.closest('tr').cells[0].textContent} ${sheet.querySelector('thead tr').cells[td.cellIndex].textContent}`
const shown = td => td.textContent === '–' ? '' : td.textContent
const fill = (words, values) => words.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all)
const fen = text => {
  const plain = text.trim().replace(/,/g, '')
  return Math.round(Number(plain) * 100) || 0 // what is no amount counts nothing until the server has said so
}
const yuan = amount => {
  if (!amount) return '–'
  const whole = Math.trunc(Math.abs(amount) / 100).toLocaleString('en-US'), rest = Math.abs(amount) % 100
  return (amount < 0 ? '-' : '') + whole + (rest ? '.' + String(rest).padStart(2, '0') : '')
}
const months = row => [...row.cells].slice(1, 13)

// ---- sums ----
function add() {
  const open = [], balance = Array(12).fill(0), kinds = {income: 0, expense: 0}
  const keep = (row, values) => {
    months(row).forEach((td, n) => { td.textContent = yuan(values[n]) })
    row.cells[13].textContent = yuan(values.reduce((a, b) => a + b, 0))
  }
  const close = level => { while (open.length && open.at(-1).level >= level) { const top = open.pop(); keep(top.row, top.values) } }
  for (const row of all('tbody tr', sheet)) {
    const level = Number(row.dataset.l)
    close(level)
    if (!row.dataset.a) { open.push({row, level, values: Array(12).fill(0)}); continue }
    const values = months(row).map(td => fen(td.dataset.text ?? td.textContent))
    values.forEach((value, n) => {
      open.forEach(top => { top.values[n] += value })
      balance[n] += row.dataset.d === 'income' ? value : -value
      kinds[row.dataset.d] += value
    })
    row.cells[13].textContent = yuan(values.reduce((a, b) => a + b, 0))
  }
  close(-1)
  const foot = one('tfoot tr', sheet)
  ;[...balance, balance.reduce((a, b) => a + b, 0)].forEach((value, n) => { foot.cells[n + 1].textContent = yuan(value) })
  ;[kinds.income, kinds.expense, kinds.income - kinds.expense].forEach((value, n) => { one(`[data-figure="${n + 1}"]`).textContent = yuan(value) })
}

// ---- where one is, and what is chosen ----
const inside = td => td?.closest('tr[data-a]') && td.cellIndex > 0 && td.cellIndex < 13
function stand(td, extend = false) {
  if (!inside(td)) return
  const row = td.closest('tr')
  at = td
  if (!extend || !from) from = td
  all('td[tabindex="0"]', sheet).forEach(other => { other.tabIndex = -1 })
  td.tabIndex = 0
  td.focus()
  choose(td)
  const [head, what, before] = bar.children
  head.textContent = fill(say.head, {account: row.cells[0].title || row.cells[0].textContent, n: td.cellIndex})
  what.textContent = row.dataset.b ? `${say.basis}: ${row.dataset.b}` : ''
  const last = row.dataset.p?.split(',')[td.cellIndex - 1].replaceAll(' ', ',')
  before.textContent = [last && `${say.before}: ${last}`, td.dataset.o && fill(say.was, {amount: td.dataset.o})].filter(Boolean).join('  ')
}
// The chosen cells, row by row: the rectangle between where the choice began and where one stands.
function block(td) {
  const start = from && inside(from) ? from : td, [a, b] = [start, td].map(one => rows.indexOf(one.closest('tr'))).sort((x, y) => x - y)
  const [left, right] = [start.cellIndex, td.cellIndex].sort((x, y) => x - y)
  return rows.slice(a, b + 1).map(row => [...row.cells].slice(left, right + 1))
}
function choose(td) {
  all('td.in', sheet).forEach(other => other.classList.remove('in'))
  if (from !== td) block(td).flat().forEach(other => other.classList.add('in'))
}
const near = (td, down, right) => {
  const row = rows[rows.indexOf(td.closest('tr')) + down]
  return row && td.cellIndex + right > 0 && td.cellIndex + right < 13 ? row.cells[td.cellIndex + right] : null
}

// ---- writing ----
function put(changes, stack = past) {
  const step = []
  for (const [td, text] of changes) {
    const account = td.closest('tr').dataset.a, key = `${account}:${td.cellIndex}`
    step.push([td, shown(td)])
    waiting.set(key, {account, month: td.cellIndex, text, version: Number(td.dataset.v || 0)})
    td.textContent = text.trim() || '–'
    td.classList.remove('bad')
  }
  if (step.length) { stack.push(step); if (stack.length > 200) stack.shift() }
  if (undoing) undoing.disabled = !past.length
  if (step.length && !clash) status.textContent = say.saving // never "saved" while something is not
  later(500)
}
function write(changes) {
  future.length = 0
  put(changes)
}
function back(one, other) {
  const step = one.pop()
  if (step) { put(step, other); stand(step[0][0]) }
  if (undoing) undoing.disabled = !past.length
}
const later = wait => { clearTimeout(timer); timer = setTimeout(save, wait) }

async function save() {
  if (sending || !waiting.size || clash) return
  sending = waiting
  waiting = new Map()
  status.textContent = say.saving
  try {
    const answer = await fetch(say.edit, {method: 'PUT', headers: {'content-type': 'application/json', 'x-csrf-token': say.csrf}, body: JSON.stringify({cells: [...sending.values()]})})
    if (answer.status >= 500 || answer.status === 429) throw new Error(answer.statusText)
    const body = await answer.json()
    if (answer.ok) taken(body.cells)
    else if (answer.status === 409 && body.cells) conflict(body)
    else refused(body)
  } catch {
    waiting = new Map([...sending, ...waiting])
    status.textContent = say.failed
    later(5000)
  }
  sending = null
}
function taken(cells) {
  said.hidden = true
  for (const {account, month, amount, first, version} of cells) {
    const td = cell(account, month), next = waiting.get(`${account}:${month}`)
    td.dataset.v = version
    td.classList.toggle('edit', amount !== first)
    if (amount === first) delete td.dataset.o
    else td.dataset.o = yuan(first)
    td.classList.remove('bad')
    if (next) next.version = version
    else if (!one('input', td)) td.textContent = yuan(amount)
  }
  add()
  count = all('td.edit', sheet).length
  status.textContent = waiting.size ? say.saving : fill(say.saved, {n: count, time: new Date().toLocaleTimeString([], {hour: '2-digit', minute: '2-digit'})})
  if (waiting.size) later(300)
}
function tell(words, names = []) {
  one('p', said).textContent = words
  one('ul', said).replaceChildren(...names.slice(0, 20).map(text => Object.assign(document.createElement('li'), {textContent: text})))
  all('button', said).forEach(button => { button.hidden = !clash })
  said.hidden = false
  status.textContent = ''
}
function refused(body) {
  const cells = [...sending.values()]
  const names = (body.errors || []).map(error => {
    const wanted = cells[Number(error.path.split('.')[1])], td = wanted && cell(wanted.account, wanted.month)
    td?.classList.add('bad')
    const message = error.message || error.detail || ''
    return td ? `${named(td)}: ${message}` : message
  })
  // nothing of it was written: what was typed stays in sight, and is sent again with the next change
  if (waiting.size) later(500)
  waiting = new Map([...sending, ...waiting])
  tell(names.length ? say.refused : body.detail || body.title, names)
}
function conflict(body) {
  clash = {cells: body.cells, mine: new Map([...sending, ...waiting])}
  waiting = new Map()
  tell(body.detail || body.title, body.cells.map(({account, month, amount}) =>
    fill(say.both, {cell: named(cell(account, month)), mine: clash.mine.get(`${account}:${month}`).text || '0', theirs: yuan(amount)})))
}
function settle(mine) {
  for (const {account, month, amount, version} of clash.cells) {
    const key = `${account}:${month}`, td = cell(account, month), next = waiting.get(key)
    td.dataset.v = version
    if (next) next.version = version // typed since: it stands
    if (mine) clash.mine.get(key).version = version
    else { clash.mine.delete(key); if (!next) td.textContent = yuan(amount) }
  }
  waiting = new Map([...clash.mine, ...waiting])
  clash = null
  said.hidden = true
  waiting.size ? save() : add()
}

// ---- editing a cell ----
function edit(td, text) {
  if (!say.edit || one('input', td)) return
  const old = shown(td)
  const input = Object.assign(document.createElement('input'), {value: text ?? old, inputMode: 'decimal'})
  input.setAttribute('aria-label', one('b', bar).textContent)
  td.dataset.text = old
  td.replaceChildren(input)
  input.focus()
  if (text === undefined) input.select()
  let over = false
  const end = keep => {
    if (over) return
    over = true
    delete td.dataset.text
    const now = input.value
    td.textContent = old || '–'
    if (keep && now.trim() !== old.trim()) write([[td, now]])
  }
  input.addEventListener('blur', () => end(true))
  input.addEventListener('paste', event => { // a block belongs into cells, not into one of them
    if (!/[\t\n]./.test(event.clipboardData.getData('text/plain'))) return
    end(false)
    stand(td)
    paste(event, td)
  })
  input.addEventListener('keydown', event => {
    const go = {Enter: [event.shiftKey ? -1 : 1, 0], Tab: [0, event.shiftKey ? -1 : 1]}[event.key]
    if (event.isComposing || (!go && event.key !== 'Escape')) { event.stopPropagation(); return }
    event.preventDefault()
    event.stopPropagation()
    end(event.key !== 'Escape')
    stand(go ? near(td, ...go) ?? td : td)
  })
}

// ---- copying and pasting ----
function paste(event, td) {
  event.preventDefault()
  event.stopPropagation()
  const lines = event.clipboardData.getData('text/plain').replace(/\r\n?/g, '\n').replace(/\n+$/, '').split('\n').map(line => line.split('\t'))
  const chosen = block(td), first = chosen[0][0], width = Math.max(...lines.map(line => line.length))
  if (lines.length === 1 && width === 1) return write(chosen.flat().map(to => [to, lines[0][0].slice(0, 100)]))
  const room = [rows.length - rows.indexOf(first.closest('tr')), 13 - first.cellIndex]
  if (lines.length > room[0] || width > room[1]) {
    return tell(fill(say.large, {rows: lines.length, columns: width, down: room[0], right: room[1]}))
  }
  said.hidden = !clash
  write(lines.flatMap((line, down) => line.map((text, right) => [near(first, down, right), text.slice(0, 100)])))
}

const touched = matchMedia('(pointer: coarse)')
const under = event => event.target.matches('input') ? null : event.target.closest('td')
sheet.addEventListener('mousedown', event => {
  const td = under(event)
  if (event.button || !inside(td)) return
  event.preventDefault()
  stand(td, event.shiftKey)
})
sheet.addEventListener('mouseover', event => { // drawn over several
  const td = under(event)
  if (event.buttons === 1 && from && inside(td) && active()) stand(td, true)
})
sheet.addEventListener('click', event => { const td = under(event); if (touched.matches && inside(td)) edit(td) })
sheet.addEventListener('focusin', event => { const td = under(event); if (inside(td) && td === event.target && td !== at) stand(td) })
sheet.addEventListener('dblclick', event => { const td = under(event); if (inside(td)) edit(td) })
sheet.addEventListener('keydown', event => {
  const td = event.target.closest('td')
  if (!td || event.isComposing) return
  const key = event.key.toLowerCase()
  if ((event.ctrlKey || event.metaKey) && (key === 'z' || key === 'y')) {
    event.preventDefault()
    if (key === 'y' || event.shiftKey) back(future, past)
    else back(past, future)
    return
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const go = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, 1 - td.cellIndex], End: [0, 12 - td.cellIndex]}[event.key]
  if (go) { event.preventDefault(); stand(near(td, ...go), event.shiftKey) }
  else if (event.key === 'Enter' || event.key === 'F2') { event.preventDefault(); edit(td) }
  else if (event.key === 'Escape') stand(td)
  else if (event.key === 'Tab') { const next = near(td, 0, event.shiftKey ? -1 : 1); if (next) { event.preventDefault(); stand(next) } }
  else if (say.edit && (event.key === 'Delete' || event.key === 'Backspace')) { event.preventDefault(); write(block(td).flat().map(to => [to, ''])) }
  else if (/^[-\d.(（０-９]$/.test(event.key)) { event.preventDefault(); edit(td, event.key) }
})
const active = () => { const td = document.activeElement?.closest?.('tr[data-a] td'); return td && !one('input', td) ? td : null }
document.addEventListener('paste', event => { const td = active(); if (td && say.edit) paste(event, td) })
document.addEventListener('copy', event => {
  const td = active()
  if (!td || String(getSelection())) return
  event.preventDefault()
  event.clipboardData.setData('text/plain', block(td).map(line => line.map(shown).join('\t')).join('\n'))
})
addEventListener('online', () => later(0))
addEventListener('beforeunload', event => { if (waiting.size || sending || clash) event.preventDefault() })
undoing?.addEventListener('click', () => back(past, future))
one('[data-mine]')?.addEventListener('click', () => settle(true))
one('[data-theirs]')?.addEventListener('click', () => settle(false))

// ---- the month on the phone, without leaving the page ----
const picks = all('.months [data-month]')
const mark = link => picks.forEach(other => other === link ? other.setAttribute('aria-current', 'true') : other.removeAttribute('aria-current'))
if (say.edit) mark(picks[0])
picks.forEach(link => link.addEventListener('click', event => {
  if (!say.edit) return
  event.preventDefault()
  mark(link)
  all('.show', sheet).forEach(td => td.classList.remove('show'))
  all('tr', sheet).forEach(row => row.cells[Number(link.dataset.month)].classList.add('show'))
}))
one('table', sheet).setAttribute('role', 'grid')
if (rows.length) rows[0].cells[1].tabIndex = 0
