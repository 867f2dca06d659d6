// Dragging cards on a board: dropping one presses what its own menu offers for that column. Without it the menu serves.
const all = (selector, from = document) => [...from.querySelectorAll(selector)]
const board = document.querySelector('[data-board]')
let held = null

const ways = (card, lane) => all('[data-to]', card).filter(way => way.dataset.to === lane.dataset.lane)
const clear = () => all('.lane', board).forEach(lane => lane.classList.remove('over', 'off'))

all('[data-moves]', board).forEach(card => { card.draggable = true })
all('a.what', board).forEach(link => { link.draggable = false })

board.addEventListener('dragstart', event => {
  held = event.target.closest('[data-moves]')
  if (!held) return
  event.dataTransfer.effectAllowed = 'move'
  event.dataTransfer.setData('text/plain', held.dataset.card)
  held.classList.add('held')
  all('.lane', board).forEach(lane => { if (!lane.contains(held) && !ways(held, lane).length) lane.classList.add('off') })
})
board.addEventListener('dragover', event => {
  const lane = event.target.closest('.lane')
  if (!held || !lane || lane.contains(held) || !ways(held, lane).length) return
  event.preventDefault()
  all('.lane.over', board).forEach(other => { if (other !== lane) other.classList.remove('over') })
  lane.classList.add('over')
})
board.addEventListener('drop', event => {
  const lane = event.target.closest('.lane')
  if (!held || !lane) return
  event.preventDefault()
  const found = ways(held, lane)
  if (found.length === 1) found[0].click()
  else if (found.length) {
    // Several steps lead there: the person says which.
    const menu = held.querySelector('details')
    menu.open = true
    found[0].focus()
  }
})
board.addEventListener('dragend', () => {
  if (held) held.classList.remove('held')
  held = null
  clear()
})
// Escape closes a card's menu and gives the focus back to its button.
board.addEventListener('keydown', event => {
  const menu = event.key === 'Escape' && event.target.closest('details[open]')
  if (menu) { menu.open = false; menu.querySelector('summary').focus() }
})
