import * as z from 'zod'

// zod compiles parsers with `new Function`, which the content security policy refuses. Must be imported first.
z.config({ jitless: true })
