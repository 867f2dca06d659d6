// The month of a roster: choose cells by drag and by keyboard. Without it each is ticked by itself; setting them is the form's.
const form = document.getElementById('month')
const rows = [...form.querySelectorAll('tbody tr')].map(row => [...row.querySelectorAll('input[name=cell]')])
const where = new Map(rows.flatMap((row, y) => row.map((box, x) => [box, [y, x]])))
const boxOf = target => target?.closest?.('td')?.querySelector('input[name=cell]')
let from = null, to = true, before = new Map(), moved = false

function mark (one, other) {
  const [a, b] = where.get(one), [c, d] = where.get(other)
  for (const [box, was] of before) box.checked = was
  before = new Map()
  for (let y = Math.min(a, c); y <= Math.max(a, c); y++) {
    for (let x = Math.min(b, d); x <= Math.max(b, d); x++) {
      before.set(rows[y][x], rows[y][x].checked)
      rows[y][x].checked = to
    }
  }
}

form.addEventListener('pointerdown', event => {
  const box = boxOf(event.target)
  if (!box || event.pointerType !== 'mouse' || event.button) return
  from = box; to = !box.checked; before = new Map(); moved = false
})
form.addEventListener('pointerover', event => {
  const box = from && boxOf(event.target)
  if (!box || (box === from && !moved)) return
  moved = true
  mark(from, box)
})
addEventListener('pointerup', () => { from = null })
form.addEventListener('dragstart', event => event.preventDefault())
// The click that ends a drag would tick its last cell once more.
form.addEventListener('click', event => { if (moved && boxOf(event.target)) { event.preventDefault(); moved = false } }, true)

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }
let anchor = null
form.addEventListener('keydown', event => {
  const step = STEPS[event.key], box = event.target
  if (event.key === 'Escape') for (const one of where.keys()) one.checked = false
  if (!step || !where.has(box)) return
  event.preventDefault()
  const [y, x] = where.get(box), next = rows[y + step[0]]?.[x + step[1]]
  if (!next) return
  if (event.shiftKey) {
    if (!anchor) { anchor = box; before = new Map() }
    to = true
    mark(anchor, next)
  } else anchor = null
  next.focus()
})

// Where nothing was set because somebody else was there first: go to the first cell that is another now.
const stale = form.querySelector('td.stale input[name=cell]')
if (stale) { stale.closest('td').scrollIntoView({ block: 'center', inline: 'center' }); stale.focus({ preventScroll: true }) }
