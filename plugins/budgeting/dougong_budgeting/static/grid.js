// The grid as a spreadsheet: moving, editing, pasting, undoing; saved by itself, all or nothing, with the versions seen.
// What a text means is decided by the server alone; the page shows what was stored.
const sheet = document.querySelector('[data-sheet]')
const say = sheet.dataset
const one = (selector, from = document) => from.querySelector(selector)
const all = (selector, from = document) => [...from.querySelectorAll(selector)]
const rows = all('tr[data-a]', sheet)
const bar = one('[data-bar]'), said = one('[data-said]'), status = one('[data-status]'), undoing = one('[data-undo]')
const past = []
let waiting = new Map(), sending = null, timer = 0, clash = null, count = all('td.edit', sheet).length

const cell = (account, month) => one(`tr[data-a="${account}"]`, sheet)?.cells[month]
const fen = text => {
  const plain = text.trim().replace(/,/g, '')
  return plain === '' || plain === '–' ? 0 : Math.round(Number(plain) * 100)
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

// ---- where one is ----
function stand(td) {
  const row = td?.closest('tr[data-a]')
  if (!row || td.cellIndex < 1 || td.cellIndex > 12) return
  all('td[tabindex="0"]', sheet).forEach(other => { other.tabIndex = -1 })
  td.tabIndex = 0
  td.focus()
  const [head, what, before] = bar.children
  head.textContent = say.head.replace('{account}', row.cells[0].title || row.cells[0].textContent).replace('{n}', td.cellIndex)
  what.textContent = row.dataset.b ? `${say.basis}: ${row.dataset.b}` : ''
  const last = row.dataset.p?.split(',')[td.cellIndex - 1].replaceAll(' ', ',')
  before.textContent = [last && `${say.before}: ${last}`, td.dataset.o && say.was.replace('{amount}', td.dataset.o)].filter(Boolean).join('  ')
}
const near = (td, down, right) => {
  const row = rows[rows.indexOf(td.closest('tr')) + down]
  return row && td.cellIndex + right > 0 && td.cellIndex + right < 13 ? row.cells[td.cellIndex + right] : null
}

// ---- writing ----
function put(changes, keep = true) {
  const step = []
  for (const [td, text] of changes) {
    const account = td.closest('tr').dataset.a, key = `${account}:${td.cellIndex}`
    step.push([td, td.textContent === '–' ? '' : td.textContent])
    waiting.set(key, {account, month: td.cellIndex, text, version: Number(td.dataset.v || 0)})
    td.textContent = text.trim() || '–'
    td.classList.remove('bad')
  }
  if (keep && step.length) { past.push(step); if (past.length > 200) past.shift() }
  if (undoing) undoing.disabled = !past.length
  later(500)
}
const later = wait => { clearTimeout(timer); timer = setTimeout(save, wait) }

async function save() {
  if (sending || !waiting.size || clash) return
  sending = waiting
  waiting = new Map()
  status.textContent = say.saving
  try {
    const answer = await fetch(say.edit, {method: 'PUT', headers: {'content-type': 'application/json', 'x-csrf-token': say.csrf}, body: JSON.stringify({cells: [...sending.values()]})})
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
  if (waiting.size && !clash && !timer) later(500)
}
function taken(cells) {
  timer = 0
  said.hidden = true
  for (const {account, month, amount, first, version} of cells) {
    const td = cell(account, month), next = waiting.get(`${account}:${month}`)
    td.dataset.v = version
    td.classList.toggle('edit', amount !== first)
    if (amount === first) delete td.dataset.o
    else td.dataset.o = yuan(first)
    if (next) next.version = version
    else if (!one('input', td)) td.textContent = yuan(amount)
  }
  add()
  count = all('td.edit', sheet).length
  status.textContent = say.saved.replace('{n}', count).replace('{time}', new Date().toLocaleTimeString([], {hour: '2-digit', minute: '2-digit'}))
  if (waiting.size) later(300)
}
function tell(body, names) {
  one('p', said).textContent = body.detail || body.title
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
    return td ? `${td.closest('tr').cells[0].textContent} ${wanted.month}: ${message}` : message
  })
  // nothing of it was written: what was typed stays in sight, and is sent again with the next change
  waiting = new Map([...sending, ...waiting])
  timer = 0
  tell(body, names)
}
function conflict(body) {
  clash = {cells: body.cells, mine: new Map([...sending, ...waiting])}
  waiting = new Map()
  tell(body, body.cells.map(({account, month, amount}) => `${cell(account, month).closest('tr').cells[0].textContent} ${month}: ${yuan(amount)}`))
}
function settle(mine) {
  for (const {account, month, amount, version} of clash.cells) {
    const key = `${account}:${month}`, td = cell(account, month)
    td.dataset.v = version
    if (mine) clash.mine.get(key).version = version
    else { clash.mine.delete(key); td.textContent = yuan(amount) }
  }
  waiting = clash.mine
  clash = null
  said.hidden = true
  waiting.size ? save() : add()
}

// ---- editing a cell ----
function edit(td, text) {
  if (!say.edit || one('input', td)) return
  const old = td.textContent === '–' ? '' : td.textContent
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
    if (keep && now.trim() !== old.trim()) put([[td, now]])
  }
  input.addEventListener('blur', () => end(true))
  input.addEventListener('keydown', event => {
    const go = {Enter: [event.shiftKey ? -1 : 1, 0], Tab: [0, event.shiftKey ? -1 : 1]}[event.key]
    if (event.isComposing || (!go && event.key !== 'Escape')) { event.stopPropagation(); return }
    event.preventDefault()
    event.stopPropagation()
    end(event.key !== 'Escape')
    stand(go ? near(td, ...go) ?? td : td)
  })
}
function undo() {
  const step = past.pop()
  if (step) put(step, false)
}

sheet.addEventListener('click', event => {
  const td = event.target.closest('td')
  if (!td || event.target.matches('input')) return
  const again = document.activeElement === td
  stand(td)
  if (again || matchMedia('(pointer: coarse)').matches) { if (td.closest('tr[data-a]') && td.cellIndex < 13) edit(td) }
})
sheet.addEventListener('dblclick', event => { const td = event.target.closest('tr[data-a] td:not(:last-child)'); if (td) edit(td) })
sheet.addEventListener('keydown', event => {
  const td = event.target.closest('td')
  if (!td || event.isComposing) return
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z') { event.preventDefault(); undo(); return }
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const go = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]}[event.key]
  if (go) { event.preventDefault(); stand(near(td, ...go)) }
  else if (event.key === 'Enter' || event.key === 'F2') { event.preventDefault(); edit(td) }
  else if (event.key === 'Tab') { const next = near(td, 0, event.shiftKey ? -1 : 1); if (next) { event.preventDefault(); stand(next) } }
  else if (say.edit && (event.key === 'Delete' || event.key === 'Backspace')) { event.preventDefault(); put([[td, '']]) }
  else if (/^[-\d.(（０-９]$/.test(event.key)) { event.preventDefault(); edit(td, event.key) }
})
document.addEventListener('paste', event => {
  const td = document.activeElement?.closest?.('tr[data-a] td')
  if (!td || !say.edit || one('input', td)) return
  event.preventDefault()
  const lines = event.clipboardData.getData('text/plain').replace(/\r\n?/g, '\n').replace(/\n+$/, '').split('\n').map(line => line.split('\t'))
  const changes = []
  lines.forEach((line, down) => line.forEach((text, right) => { const to = near(td, down, right); if (to) changes.push([to, text.slice(0, 100)]) }))
  put(changes)
})
document.addEventListener('copy', event => {
  const td = document.activeElement?.closest?.('tr[data-a] td')
  if (!td || one('input', td) || String(getSelection())) return
  event.preventDefault()
  event.clipboardData.setData('text/plain', td.textContent === '–' ? '' : td.textContent)
})
addEventListener('beforeunload', event => { if (waiting.size || sending || clash) event.preventDefault() })
undoing?.addEventListener('click', undo)
one('[data-mine]')?.addEventListener('click', () => settle(true))
one('[data-theirs]')?.addEventListener('click', () => settle(false))

// ---- the month on the phone, without leaving the page ----
all('.months [data-month]').forEach(link => link.addEventListener('click', event => {
  if (!say.edit) return
  event.preventDefault()
  all('.months a').forEach(other => other.toggleAttribute('aria-current', other === link))
  all('.show', sheet).forEach(td => td.classList.remove('show'))
  all('tr', sheet).forEach(row => row.cells[Number(link.dataset.month)].classList.add('show'))
}))
if (rows.length) rows[0].cells[1].tabIndex = 0
