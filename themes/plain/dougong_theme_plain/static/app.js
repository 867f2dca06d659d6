// What pages gain with JavaScript; every one of them works without. No dependencies, no inline code, nothing from elsewhere.
const root = document.documentElement
root.classList.add('js')
const all = (selector, from = document) => [...from.querySelectorAll(selector)]
const one = (selector, from = document) => from.querySelector(selector)
const on = (type, handler, options) => document.addEventListener(type, handler, options)

// ---- popovers and dialogs ------------------------------------------------------------------------

if (!('popover' in HTMLElement.prototype)) {
  // Older engines know neither popovers nor their buttons.
  on('click', event => {
    const button = event.target.closest('[popovertarget]')
    const target = button && document.getElementById(button.getAttribute('popovertarget'))
    all('[popover].shown').forEach(open => { if (open !== target && !open.contains(event.target)) open.classList.remove('shown') })
    if (target) target.classList.toggle('shown')
  })
}

const dialog = link => {
  const found = document.getElementById(link.dataset.dialog)
  return found && found.showModal ? found : null
}
all('[data-dialog]').forEach(link => { if (dialog(link)) link.setAttribute('role', 'button') })
on('click', event => {
  const link = event.target.closest('[data-dialog]')
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
  const found = dialog(link)
  if (!found) return
  event.preventDefault()
  const menu = link.closest('[popover]')
  if (menu && menu.hidePopover) menu.hidePopover()
  found.showModal()
  const first = one('input:not([type=hidden]), select, textarea', found)
  if (first) first.focus()
})
on('keydown', event => {
  if (event.key === ' ' && event.target.matches('a[role=button]')) { event.preventDefault(); event.target.click() }
})

// ---- sending forms -------------------------------------------------------------------------------

const ask = one('#ask')
const agree = (text, yes) => new Promise(resolve => {
  if (!ask || !ask.showModal) return resolve(window.confirm(text))
  one('h2', ask).textContent = text
  one('[data-yes]', ask).textContent = yes
  const done = value => { ask.onclose = null; ask.close(); resolve(value) }
  one('[data-yes]', ask).onclick = () => done(true)
  one('[data-no]', ask).onclick = () => done(false)
  ask.onclose = () => resolve(false)
  ask.showModal()
})

const send = (form, button) => form.requestSubmit ? form.requestSubmit(button) : form.submit()

on('submit', async event => {
  const form = event.target, button = event.submitter
  if (form.method === 'dialog' || (button && button.formMethod === 'dialog' && button.hasAttribute('formmethod'))) return
  if (form.getAttribute('aria-busy') === 'true') return event.preventDefault()
  const source = button && button.dataset.confirm ? button : form
  if (source.dataset.confirm && !form.dataset.agreed) {
    event.preventDefault()
    if (await agree(source.dataset.confirm, source.dataset.yes || button.textContent.trim())) {
      form.dataset.agreed = '1'
      // Without a script the server asks; here the person has answered already.
      const sure = Object.assign(document.createElement('input'), { type: 'hidden', name: 'sure', value: '1' })
      form.append(sure)
      setTimeout(() => sure.remove())
      send(form, button)
    }
    return
  }
  delete form.dataset.agreed
  if (form.method === 'post') {
    form.setAttribute('aria-busy', 'true')
    if (form.dataset.draft) remember('sent', form.dataset.draft)
    if ('leaving' in form.dataset) forget()
  } else {
    // Empty fields would only lengthen the address.
    all('input, select', form).forEach(field => { if (field.name && !field.value) field.disabled = true })
  }
})
addEventListener('pageshow', () => {
  all('form[aria-busy]').forEach(form => form.removeAttribute('aria-busy'))
  all('form[method=get] :disabled').forEach(field => { field.disabled = false })
})

// ---- drafts: kept in this browser only, gone when sent or signed out ---------------------------------

const PREFIX = 'dougong.draft.'
function remember (name, value) { try { sessionStorage.setItem('dougong.' + name, value) } catch { /* storage is full or forbidden: no draft */ } }
function forget () {
  try { Object.keys(localStorage).filter(key => key.startsWith(PREFIX)).forEach(key => localStorage.removeItem(key)) } catch { /* forbidden: nothing was kept */ }
}
const kept = form => all('input, select, textarea', form).filter(f => f.name && !['hidden', 'password', 'file', 'submit'].includes(f.type))
function values (form) {
  return kept(form).map(f => [f.name, f.type === 'checkbox' || f.type === 'radio' ? (f.checked ? f.value : null) : f.value])
}
function fill (form, pairs) {
  kept(form).forEach((field, n) => {
    const [name, value] = pairs[n] || []
    if (name !== field.name) return
    if (field.type === 'checkbox' || field.type === 'radio') field.checked = value !== null
    else field.value = value
  })
}
function drafts () {
  const sent = sessionStorage.getItem('dougong.sent')
  sessionStorage.removeItem('dougong.sent')
  if (sent && !all('form[data-errors]').some(form => form.dataset.draft === sent)) localStorage.removeItem(PREFIX + sent)
  all('form[data-draft]').forEach(form => {
    const key = PREFIX + form.dataset.draft
    const word = one('.draft', form)
    const say = at => { if (word) word.textContent = form.dataset.kept.replace('{time}', new Date(at).toTimeString().slice(0, 5)) }
    const found = JSON.parse(localStorage.getItem(key) || 'null')
    if (found && !('errors' in form.dataset)) { fill(form, found.values); say(found.at) }
    let timer
    form.addEventListener('input', () => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        const at = Date.now()
        try { localStorage.setItem(key, JSON.stringify({ at, values: values(form) })); say(at) } catch { /* full: the form itself still holds it */ }
      }, 400)
    })
  })
}
try { drafts() } catch { /* storage is forbidden here */ }

// Enter in a line of a long form goes on instead of sending it half-filled.
on('keydown', event => {
  const field = event.target
  if (event.key !== 'Enter' || event.isComposing || !field.matches('form.pairs input:not([type=checkbox], [type=radio])')) return
  const fields = all('input:not([type=hidden]), select, textarea', field.form)
  const next = fields[fields.indexOf(field) + 1]
  if (next) { event.preventDefault(); next.focus() }
})
const errors = one('[data-focus]')
if (errors) errors.focus()

// ---- lists -----------------------------------------------------------------------------------------

all('[data-filters]').forEach(form => {
  const state = () => new URLSearchParams(new FormData(form)).toString()
  let before = state()
  all('details', form).forEach(box => box.addEventListener('toggle', () => {
    if (box.open) { before = state(); const first = one('input', box); if (first) first.focus() } else if (state() !== before) send(form)
  }))
})
on('click', event => all('details.pick[open]').forEach(box => { if (!box.contains(event.target)) box.open = false }))
on('keydown', event => {
  const box = event.key === 'Escape' && event.target.closest('details.pick[open]')
  if (box) { if (box.closest('[data-filters]')) box.closest('form').reset(); box.open = false; one('summary', box).focus() }
})
on('input', event => {
  const box = event.target.matches('[type=search]') && event.target.closest('[data-find]')
  if (!box) return
  const wanted = event.target.value.trim().toLowerCase()
  all(box.dataset.find, box).forEach(item => { item.hidden = !item.textContent.toLowerCase().includes(wanted) })
})
on('keydown', event => {
  const box = event.key === 'Enter' && event.target.matches('[data-find] [type=search]') && event.target.closest('[data-find]')
  if (!box) return
  event.preventDefault()
  const first = all(box.dataset.find, box).find(item => !item.hidden)
  if (first) first.click()
})

// ---- numbers at the tools of the top bar: asked for after the page, so that the page does not wait ---------

all('[data-count]').forEach(async tool => {
  try {
    const answer = await fetch(tool.dataset.count, { headers: { accept: 'application/json' } })
    const { count } = answer.ok ? await answer.json() : { count: 0 }
    if (!count) return
    tool.append(Object.assign(document.createElement('span'), { className: 'badge', textContent: count > 99 ? '99+' : count }))
    tool.setAttribute('aria-label', tool.title + ': ' + count)
  } catch { /* no network, or signed out: the tool itself still leads on */ }
})

// ---- keys, paper, place ------------------------------------------------------------------------------

const mac = /Mac|iP/.test(navigator.platform)
if (mac) all('[data-mac]').forEach(key => { key.textContent = key.dataset.mac })
on('keydown', event => {
  const slash = event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey
  if (slash ? event.target.closest('input, textarea, select, [contenteditable]') : event.key !== 'k' || !(mac ? event.metaKey : event.ctrlKey)) return
  const field = one('[data-global]') || one('.filters .search')
  if (field) { event.preventDefault(); field.focus(); field.select() }
})
on('click', event => { if (event.target.closest('[data-print]')) print() })

// A form that posts and comes back to its own page keeps the place where it stood.
on('submit', event => { if (event.target.method === 'post') remember('place', location.pathname + '\n' + scrollY) })
try {
  const [path, y] = (sessionStorage.getItem('dougong.place') || '').split('\n')
  sessionStorage.removeItem('dougong.place')
  if (path === location.pathname && !errors && !location.hash) scrollTo(0, Number(y))
} catch { /* storage is forbidden here */ }
