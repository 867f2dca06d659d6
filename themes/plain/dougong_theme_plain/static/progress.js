// Looks again, every few seconds, how far work in the background is: the same page is asked for, and what is marked in it
// (data-progress, data-live) takes the place of what stands here. When nothing is under way any more the page is loaded anew.
const FIRST = 1500, LONGEST = 10000
let pause = FIRST, failed = 0

const marked = root => [...root.querySelectorAll('[data-progress], [data-live]')]
const soon = () => setTimeout(look, pause)

async function look () {
  if (document.hidden) { document.addEventListener('visibilitychange', look, { once: true }); return }
  try {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' }, credentials: 'same-origin' })
    if (!answer.ok) throw new Error(String(answer.status))
    const found = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const here = marked(document), there = marked(found)
    if (!found.querySelector('[data-progress]') || here.length !== there.length) return location.reload()
    here.forEach((part, n) => {
      if (part.outerHTML === there[n].outerHTML) return
      const focused = part.contains(document.activeElement)
      part.replaceChildren(...there[n].childNodes)
      for (const name of ['class', 'data-k']) part.setAttribute(name, there[n].getAttribute(name) || '')
      const again = part.querySelector('[data-again]')
      if (focused && again) again.focus()
    })
    failed = 0
    pause = Math.min(pause * 1.2, LONGEST)
    soon()
  } catch {
    // Offline, or the server begins anew: the link "Refresh" stays; a few more looks, further apart.
    failed += 1
    pause = LONGEST
    if (failed < 30) soon()
  }
}

if (document.querySelector('[data-progress]')) soon()
