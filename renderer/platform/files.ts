/** Opening and saving by the page's own means, which work in a browser and in Electron alike. */

/** Null where the person chose no file. */
export function openTextFile(accept: string): Promise<{ name: string; text: string } | null> {
  return new Promise((resolve, reject) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.accept = accept
    input.dataset['testid'] = 'open-file'
    input.hidden = true
    input.addEventListener('cancel', () => {
      input.remove()
      resolve(null)
    })
    input.addEventListener('change', () => {
      const file = input.files?.[0]
      input.remove()
      if (file === undefined) resolve(null)
      else
        file.text().then((text) => {
          resolve({ name: file.name, text })
        }, reject)
    })
    document.body.append(input)
    input.click()
  })
}

export function saveFile(name: string, content: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  setTimeout(() => {
    URL.revokeObjectURL(link.href)
  }, 10_000)
}
