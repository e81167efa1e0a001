import { createContext, type ReactNode, useContext } from 'react'
import type { Role } from '../shared/roles.ts'
import { type Api, clientOf } from './call.ts'

/** The project that a page of the dashboard is about. */
export type Project = {
  /** Of what is shown: the project, or in test mode its twin. */
  id: string
  liveId: string
  name: string
  role: Role
  testing: boolean
  /** Null while the project has no test objects. */
  testId: string | null
}

type Mine = { id: string; name: string; role: Role; test_id: string | null }

/** The project of an id, or of its twin's, among those that somebody belongs to. */
export function projectIn(projects: readonly Mine[], id: string): Project | undefined {
  const found = projects.find((one) => one.id === id || one.test_id === id)
  return (
    found && {
      id,
      liveId: found.id,
      name: found.name,
      role: found.role,
      testing: id === found.test_id,
      testId: found.test_id,
    }
  )
}

const Here = createContext<Project | undefined>(undefined)

export const ProjectProvider = ({ project, children }: { project: Project; children: ReactNode }) => (
  <Here.Provider value={project}>{children}</Here.Provider>
)

/** The project of this page, and a client that calls in it. */
export function useProject(): Project & { api: Api } {
  const project = useContext(Here)
  if (!project) throw new Error('There is no project around this page.')
  return { ...project, api: clientOf(project.id) }
}
